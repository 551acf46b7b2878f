using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Looking;
using ChatOps.Core.Outside;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Looking;

/// <summary>What is put back is not the same for every override.</summary>
public sealed class PlannedEndsTests
{
    private static readonly JsonValueAt Main = new("/spec/source/targetRevision", "\"main\"", null);
    private static readonly HeldBranch Fix = new(World.Repository, "fix", World.Fix, [new(World.Repository, Main), new(World.Repository, Main with { Path = "/spec/sources/1/targetRevision" })]);

    public static TheoryData<string, Lease, string> Ends => new()
    {
        { "switched off", Some.Lease(), "shop: /spec/syncPolicy/automated goes back to {\"selfHeal\":true}" },
        { "in a set", Some.Lease() with { InSet = new("tools", "uid", "shop", true) }, "shop: /spec/syncPolicy/automated goes back to {\"selfHeal\":true}, and our entry out of ApplicationSet tools, unless another pause counts on it" },
        { "by a window", SomeWindow.Lease(), "shop: our deny window is taken out of project shop" },
        { "in part", SomeFields.Lease(), "shop: our rules for Deployment/web are taken out of /spec/ignoreDifferences" },
        { "on a branch", Some.Lease() with { Branch = Fix }, "shop: /spec/source/targetRevision goes back to \"main\", /spec/sources/1/targetRevision goes back to \"main\"" },
        { "on a branch behind a window", Some.Lease() with { Branch = Fix with { Sources = [Fix.Sources[0]] }, WindowIn = "shop" }, "shop: /spec/source/targetRevision goes back to \"main\", and our deny window is taken out of project shop" },
        { "from outside", Some.Lease() with { Outside = new(OutsideKind.RevisionMoved, "kubectl", null, [new(Main, "\"fix\"")]) }, "shop: /spec/source/targetRevision goes back to \"main\"" },
        { "overtaken", Some.Lease() with { Hold = Hold.Reverted }, "shop: somebody else changed it already, and what is left of ours there is taken off." },
        { "held on", Some.Lease() with { OnlyLetsGo = true }, "shop stays paused: this incident lets go of it, and another one holds it on." },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task It_tells_what_each_of_them_puts_back(string what, Lease lease, string says)
    {
        var world = await World.WithIncidentAsync();
        var file = (await world.Files.OpenAsync(1, default))!.Save(lease with { State = LeaseState.Ending });

        var told = PlannedEnds.Of(file, new Dictionary<Guid, Text>(), world.Reception).OfType<Part.Paragraph>().First().Text.ToString();

        Assert.True(says == told, $"{what}: {told}");
    }
}
