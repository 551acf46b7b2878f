using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.ArgoCd.Diffs;

namespace ChatOps.Platform.Tests.ArgoCd.Diffs;

/// <summary>A change by hand that was merged under a pause is not overwritten by its end; Argo CD's verdict tells, where it is of now.</summary>
public class EngineVerdictTests
{
    private static readonly DateTimeOffset Written = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("compared since, and Git has moved", "Synced", "2026-11-23T02:00:05Z", true, "", false)]
    [InlineData("compared before the hand wrote", "Synced", "2026-11-23T01:59:59Z", true, "", true)]
    [InlineData("in the same second", "Synced", "2026-11-23T02:00:01Z", true, "", true)]
    [InlineData("what was applied last is what Git says", "Synced", "2026-11-23T02:00:05Z", false, "", true)]
    [InlineData("Argo CD sees a difference", "OutOfSync", "2026-11-23T02:00:05Z", true, "", true)]
    [InlineData("it cannot be rendered", "Synced", "2026-11-23T02:00:05Z", true, """ "conditions":[{"type":"ComparisonError","message":"no such branch"}], """, true)]
    public void What_argo_cd_has_seen_merged_is_no_difference_any_more(string why, string status, string compared, bool moved, string more, bool stays)
    {
        var drift = Heed(status, compared, moved, more, new("/data/MODE", "slow", "fast", DriftClass.Changed, "kubectl-edit", Written));

        Assert.True(stays == (drift.Fields.Count == 1), why);
    }

    [Theory]
    [InlineData(DriftClass.Removed, true, false)]
    [InlineData(DriftClass.AddedByHand, true, true)]
    [InlineData(DriftClass.Changed, false, true)]
    [InlineData(DriftClass.Expected, true, true)]
    public void Only_what_a_hand_did_at_a_known_moment_is_taken_for_merged(DriftClass sort, bool hasTime, bool stays) =>
        Assert.Equal(stays, Heed("Synced", "2026-11-23T02:00:05Z", true, "", new("/spec/replicas", "2", "6", sort, "kubectl", hasTime ? Written : null)).Fields.Count == 1);

    [Theory]
    [InlineData("Synced", true)]
    [InlineData("OutOfSync", false)]
    public void Where_gits_side_is_not_known_the_verdict_says_whether_it_is_left_alone(string status, bool alone)
    {
        var drift = Heed(status, "2026-11-23T02:00:05Z", false, "", new("/data/MODE", null, "fast", DriftClass.WrittenByHand, "kubectl-edit", Written));

        Assert.Equal(alone, Assert.Single(drift.Fields).IsLeftAlone);
    }

    private static ResourceDrift Heed(string status, string compared, bool moved, string more, Drift field)
    {
        var application = new ApplicationJson(Parse($$"""{"metadata":{"name":"shop"},"status":{"reconciledAt":"{{compared}}",{{more}}"sync":{"status":"OutOfSync"} } }"""));
        return EngineVerdict.Heed(application, Parse($$"""{"kind":"ConfigMap","name":"shop","status":"{{status}}" }"""), moved, new("ConfigMap", "shop", "shop", [field]));
    }

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
