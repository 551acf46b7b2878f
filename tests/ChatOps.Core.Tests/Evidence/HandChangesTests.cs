using ChatOps.Core.Conversation;
using ChatOps.Core.Evidence;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Evidence;

/// <summary>What is kept of a look at which hands changed more than anybody reads.</summary>
public class HandChangesTests
{
    [Fact]
    public void What_the_engine_overwrites_is_kept_before_what_it_leaves_and_the_rest_is_counted()
    {
        ResourceDrift[] drifts =
        [
            new("ConfigMap", "shop", "notes", [.. Enumerable.Range(0, 150).Select(number => new Drift($"/metadata/annotations/note-{number}", null, "look", DriftClass.AddedByHand, "kubectl", Some.Now))]),
            new("ConfigMap", "shop", "config", [.. Enumerable.Range(0, 3).Select(number => new Drift($"/data/{number}", "slow", "fast", DriftClass.Changed, "kubectl", Some.Now))]),
        ];

        var kept = HandChanges.In(new DriftReport(Some.Facts(), "", drifts, [], IsComplete: true), out var leftOut);

        Assert.Equal((3, 100, 53), (HandChanges.Count(HandChanges.Overwritten(kept)), HandChanges.Count(kept), leftOut));
        var shown = EvidenceCard.Before(new HandsSeen(kept, leftOut, [])).OfType<Part.Verbatim>().ToList();
        Assert.DoesNotContain("fields more", shown[0].Value, StringComparison.Ordinal);
        Assert.Contains("and 53 fields more", shown[1].Value, StringComparison.Ordinal);
    }
}
