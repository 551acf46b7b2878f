using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Tests.Doubles;

/// <content>A set that takes pauses back, but for the applications that an entry of ours names.</content>
internal sealed partial class ModelCluster
{
    public const string SetUid = "uid-tools";

    /// <summary>Applications that an entry of ours names in the set that made them.</summary>
    public HashSet<ApplicationRef> Entries { get; } = [];

    /// <summary>The set was deleted, or somebody took the entry out: what is said of that.</summary>
    public string? SaidOfEntry { get; set; }

    /// <summary>As <see cref="Seen"/>: every application is made by that set, which takes our annotations away at once.</summary>
    public ApplicationFacts OfSet(ApplicationFacts facts) => facts with
    {
        Owner = new(OwnerKind.Set, "tools"),
        Mark = null,
        PauseFieldManager = facts.AutoSyncOn ? null : "chatops",
        Way = Entries.Contains(facts.Ref)
            ? new(PauseMechanism.SwitchOff, "ApplicationSet tools leaves this field alone (ignoreApplicationDifferences).")
            : new(PauseMechanism.SwitchOff, "ApplicationSet tools takes a pause back within half a second: its ignoreApplicationDifferences do not name it.") { Missing = "change the set" },
        Set = Entries.Contains(facts.Ref) ? null : new SetFacts("tools", SetUid, Entries.Count > 0) { Risk = "When it no longer generates it, it may delete it." },
        Window = Entries.Contains(facts.Ref) ? null : new WindowFacts { HasList = false },
    };

    /// <summary>Null: the pause may follow.</summary>
    private ClusterAnswerKind? AddEntry(AuthorizedOperation running)
    {
        if (running.Operation.Plan.Of<AboutPause>().InSet is null || !Entries.Add(running.Operation.Plan.Application.Ref))
        {
            return null;
        }

        Effects.Add((running.Operation.Id, "entry", "chatops:sets"));
        return ClusterAnswerKind.FenceBusy;
    }

    private ClusterAnswer LetGo(AuthorizedEnd end, ClusterAnswer ended)
    {
        if (end.Lease.InSet is null || !ended.IsAway && ended.Kind != ClusterAnswerKind.Moved)
        {
            return ended;
        }

        if (Entries.Remove(end.Lease.Target))
        {
            Effects.Add((end.Lease.Operation, "entry out", "chatops:sets"));
        }

        return SaidOfEntry is null ? ended : ended with { Sentence = SaidOfEntry };
    }
}
