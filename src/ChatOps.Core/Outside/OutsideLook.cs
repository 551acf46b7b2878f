using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Outside;

/// <summary>What one look at an application came to: how it is when nobody overrides it, and who does.</summary>
/// <param name="Baseline">Null while an override of ours stands and nothing is known from before it.</param>
public sealed record OutsideSeen(Baseline? Baseline, IReadOnlyList<OutsideOverride> Found)
{
    /// <summary>Auto-sync that was taken out is among what was found, and the application's owner puts it back by itself before long.</summary>
    public bool AwaitsOwner { get; init; }
}

/// <summary>
/// From what was known of an application and its facts now to the overrides that somebody else made. What its owner writes
/// (a set, a parent, what applies it from Git) is no override: it is what Git says now. What we hold ourselves is told by
/// its lease. Pure.
/// </summary>
public static class OutsideLook
{
    private const string Ours = "chatops";

    /// <param name="leases">What is not settled of ours on this application, read after the facts: a lease is written before its override.</param>
    public static OutsideSeen At(Baseline? known, ApplicationFacts facts, IReadOnlyList<Lease> leases)
    {
        var held = HeldByUs(facts, leases);
        var found = new List<OutsideOverride>();
        if (facts.Deleting)
        {
            return new(known, found);
        }

        if (known?.Uid != facts.Uid && held.Count > 0)
        {
            Skip(Ordinary(facts), facts, found); // that needs nothing from before
            return new(known, found);
        }

        var baseline = known?.Uid == facts.Uid ? known : (Ordinary(facts) with { Version = known?.Version ?? 0 });
        baseline = held.Contains(OutsideKind.AutoSyncOff) ? baseline : AutoSync(baseline, facts, found);
        baseline = Skip(baseline, facts, found);
        baseline = held.Contains(OutsideKind.RevisionMoved) ? baseline : Revisions(baseline, facts, found);
        return new(baseline, found) { AwaitsOwner = facts.OwnerOfAutomated == OwnersWord.PutsItBack && found.Exists(one => one is { Kind: OutsideKind.AutoSyncOff, Fields: [{ Seen: null }] }) };
    }

    private static HashSet<OutsideKind> HeldByUs(ApplicationFacts facts, IReadOnlyList<Lease> leases)
    {
        var held = leases.Where(lease => lease is { Outside: null, Only: null }).Select(lease => lease.Branch is null ? OutsideKind.AutoSyncOff : OutsideKind.RevisionMoved).ToHashSet();
        if (facts.Mark is { Only: null } mark)
        {
            held.Add(mark.Branch is null ? OutsideKind.AutoSyncOff : OutsideKind.RevisionMoved);
        }

        if (!facts.AutoSyncOn && facts.PauseFieldManager == Ours)
        {
            held.Add(OutsideKind.AutoSyncOff);
        }

        return held;
    }

    /// <summary>At the first sight nothing is known from before: only what is an override by itself can be told.</summary>
    private static Baseline Ordinary(ApplicationFacts facts)
    {
        var now = Baseline.Of(facts);
        return now with { Skips = false, AutoSyncOn = facts.AutoSyncOn || IsSwitchedOff(facts), Automated = IsSwitchedOff(facts) ? SwitchedOn(facts.Automated) : facts.Automated };
    }

    private static Baseline AutoSync(Baseline baseline, ApplicationFacts facts, List<OutsideOverride> found)
    {
        var isSwitchedOff = IsSwitchedOff(facts);
        var hand = isSwitchedOff ? facts.AutoSyncHand : null; // nobody is named for what is not there any more
        var isOwners = isSwitchedOff ? IsOwners(hand, facts) : facts.OwnerOfAutomated == OwnersWord.WithoutIt;
        if (facts.AutoSyncOn || !baseline.AutoSyncOn || isOwners || facts.Blockers.Any(blocker => blocker.Kind == BlockerKind.RollingSync))
        {
            return baseline.Accept(OutsideKind.AutoSyncOff, facts);
        }

        var enabled = $"{facts.Automated.Path}/enabled";
        found.Add(new(OutsideKind.AutoSyncOff, hand?.Manager, hand?.At,
            [isSwitchedOff ? new(new(enabled, EnabledOf(baseline.Automated), null), "false") : new(baseline.Automated, facts.Automated.Json)]));
        return baseline;
    }

    private static Baseline Skip(Baseline baseline, ApplicationFacts facts, List<OutsideOverride> found)
    {
        if (facts.Skip is not { } skip || baseline.Skips || skip.Hand is { IsOwner: true })
        {
            return baseline.Accept(OutsideKind.SkipReconcile, facts);
        }

        found.Add(new(OutsideKind.SkipReconcile, skip.Hand?.Manager, skip.Hand?.At, [new(skip.Annotation with { Json = null }, skip.Annotation.Json)]));
        return baseline;
    }

    private static Baseline Revisions(Baseline baseline, ApplicationFacts facts, List<OutsideOverride> found)
    {
        var moved = facts.Sources.Zip(baseline.Revisions).Where(pair => pair.First.Follows.Json != pair.Second.Json).ToList();
        var isSameLayout = facts.Sources.Select(source => source.Follows.Path).SequenceEqual(baseline.Revisions.Select(revision => revision.Path));
        if (moved.Count == 0 || !isSameLayout || IsOwners(moved[0].First.Hand, facts))
        {
            return baseline.Accept(OutsideKind.RevisionMoved, facts);
        }

        found.Add(new(OutsideKind.RevisionMoved, moved[0].First.Hand?.Manager, moved[0].First.Hand?.At, [.. moved.Select(pair => new MovedField(pair.Second, pair.First.Follows.Json))]));
        return baseline;
    }

    /// <summary>Where nobody is named, an owner that takes everything else back within a second must have done it.</summary>
    private static bool IsOwners(FieldHand? hand, ApplicationFacts facts) => hand?.IsOwner ?? facts.Owner.Kind != OwnerKind.None;

    private static bool IsSwitchedOff(ApplicationFacts facts) => !facts.AutoSyncOn && EnabledOf(facts.Automated) == "false";

    private static string? EnabledOf(JsonValueAt automated) => Read(automated)?["enabled"]?.ToJsonString();

    private static JsonValueAt SwitchedOn(JsonValueAt automated)
    {
        var read = Read(automated)!;
        read.Remove("enabled");
        return automated with { Json = read.ToJsonString() };
    }

    private static JsonObject? Read(JsonValueAt automated) => automated.Json is { } json ? JsonNode.Parse(json) as JsonObject : null;
}
