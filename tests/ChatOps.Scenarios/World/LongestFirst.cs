using ChatOps.Scenarios.Crashes;
using ChatOps.Scenarios.Refusals;
using Xunit.Abstractions;

// Scenarios wait more than they work: four on two cores keep both busy, and more would be late for their own patience.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
[assembly: TestCollectionOrderer("ChatOps.Scenarios.World.LongestFirst", "ChatOps.Scenarios")]

namespace ChatOps.Scenarios.World;

/// <summary>What lasts longest begins first, so that nothing runs alone at the end: the kills, then the real API servers, then the refusals.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] First = [nameof(KillTests), RealShopOfRollbacks.Name, RealShopOfSwitches.Name, RealShopOfAccess.Name, RealShopOfOwners.Name, RealShopCollection.Name, nameof(SlackNoTests), nameof(SlackOutageTests), nameof(ClusterOutageTests)];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(collection =>
        Array.FindIndex(First, name => collection.DisplayName.EndsWith(name, StringComparison.Ordinal)) is >= 0 and var place ? place : First.Length);
}
