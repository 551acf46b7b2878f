using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Puts back what each switched source followed, if all of them are still as the switch left them: absent, null, empty and
/// a name are four things. Somebody else's choice stays. Pure.
/// </summary>
internal static class BranchRestore
{
    public static PauseRestore.Step Next(ApplicationJson application, Lease lease)
    {
        var name = lease.Target.Name;
        if (application.Uid != lease.Uid)
        {
            return new(new(ClusterAnswerKind.Gone, $"{name} was deleted and made again; the override went with the old one"), null);
        }

        var mark = OverrideMarks.Read(application);
        if (mark is not null && !lease.IsMarkedBy(mark.Operation))
        {
            return new(new(ClusterAnswerKind.Moved, $"{name} is held by another operation now (incident #{mark.Incident}); that one decides when it ends"), null);
        }

        // A further switch may have been stored in the moment before the end was begun; or the last one was not, and nobody learned it.
        var held = lease.Moving is { } moving && SourceReading.ArePinned(application, moving.To) ? moving.To
            : lease.MovedFrom is { } from && mark?.Operation == from.Operation && SourceReading.ArePinned(application, from.To) ? from.To
            : lease.Branch!;
        if (!SourceReading.ArePinned(application, held))
        {
            return mark is null && held.Sources.All(source => SourceReading.FollowedAt(application, source) == (source.Before.Json ?? ""))
                ? new(ClusterAnswer.Ok, null)
                : TakenBack(application, lease, held, mark);
        }

        return mark is null && SourceReading.WriterOf(application, held) != ArgoCdReconciler.FieldManager
            ? new(new(ClusterAnswerKind.Moved, $"the revision of {name} was written by {SourceReading.WriterOf(application, held) ?? "somebody that the cluster does not name"}, not by us any more; people decide when that ends"), null)
            : new(ClusterAnswer.Ok, Restore(application, held, mark));
    }

    private static PauseRestore.Step TakenBack(ApplicationJson application, Lease lease, HeldBranch held, OverrideMark? mark) => new(
        new(ClusterAnswerKind.Moved, $"The revision of {lease.Target.Name} was already changed by {SourceReading.WriterOf(application, held) ?? "somebody that the cluster does not name"}; it was left as it is"),
        mark is null ? null : PauseRestore.ClearMarks(application, mark.Operation));

    private static string Restore(ApplicationJson application, HeldBranch held, OverrideMark? mark)
    {
        var patch = PauseRestore.Guard(application, mark?.Operation);
        foreach (var source in held.Sources)
        {
            var path = source.Before.Path;
            patch.TestText($"{path[..path.LastIndexOf('/')]}/repoURL", source.Repository).TestText(path, held.Commit);
            _ = source.Before.Json is { } before ? patch.Add(path, before) : patch.Remove(path);
        }

        return PauseRestore.WithoutMarks(patch, application).ToString();
    }
}
