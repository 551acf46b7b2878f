using System.Net;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// The entry in an ApplicationSet by which it leaves a pause alone: stored there before the pause and taken out after it, as
/// <see cref="ReservedUser.Sets"/>. Each way it looks before it writes and after a doubt.
/// </summary>
internal sealed class SetPause(ClusterApi cluster)
{
    /// <summary>The set's controller sees its set and its applications by two watches: what was written first need not be seen first.</summary>
    private static readonly TimeSpan ToBeSeen = TimeSpan.FromMilliseconds(500);

    public Task<bool?> CoversAsync(string ns, string set, CancellationToken ct) =>
        AccessReviews.MayAsync(cluster, ReservedUser.Sets, AccessQuestion.PatchSet(ns, set), ct);

    /// <summary>Ok: it is there and may have been seen, so the pause may follow.</summary>
    public async Task<ClusterAnswer> AddAsync(AuthorizedOperation running, SetEntry entry, CancellationToken ct)
    {
        var name = running.Operation.Plan.Target.Name;
        var (answer, wrote) = await ChangeAsync(running.Operation.Plan.Application.Ref.Namespace, entry.Set, running.OnBehalfOf, set => Add(set, entry, name), ct);
        return answer.IsOk && wrote
            ? new(ClusterAnswerKind.FenceBusy, $"ApplicationSet {entry.Set} is told to leave {name} alone; the pause follows when it has had time to see that") { RetryAfter = ToBeSeen }
            : answer.Kind == ClusterAnswerKind.Gone ? answer with { Kind = ClusterAnswerKind.Moved } : answer;
    }

    /// <param name="ended">What became of the pause.</param>
    public async Task<ClusterAnswer> RemoveAsync(AuthorizedEnd end, SetEntry entry, ClusterAnswer ended, CancellationToken ct)
    {
        var (answer, wrote) = await ChangeAsync(end.Lease.Target.Namespace, entry.Set, end.OnBehalfOf, set => Remove(set, entry), ct);
        return !answer.IsAway ? answer
            : !wrote ? ended with { Sentence = answer.Sentence }
            : ended == ClusterAnswer.Ok ? ended
            : ended with { Sentence = $"Our entry is out of ApplicationSet {entry.Set}" };
    }

    private static Step Add(SetEntries set, SetEntry entry, string application)
    {
        if (set.Uid != entry.SetUid)
        {
            return new(new(ClusterAnswerKind.Moved, $"ApplicationSet {entry.Set} was deleted and made again since this was approved"));
        }

        if (set.Has(entry))
        {
            return entry.IsOurs || set.AreWrittenByUs
                ? new(ClusterAnswer.Ok)
                : new(new(ClusterAnswerKind.Moved, $"ApplicationSet {entry.Set} leaves {application} alone by now, by an entry that somebody else wrote"));
        }

        if (entry.IsOurs)
        {
            return new(new(ClusterAnswerKind.Moved, $"The entry that an earlier pause left in ApplicationSet {entry.Set} was taken out since this was approved"));
        }

        return entry.HadList && !set.HasList
            ? new(new(ClusterAnswerKind.Moved, $"The ignoreApplicationDifferences of ApplicationSet {entry.Set} were taken away since this was approved"))
            : new(ClusterAnswer.Ok, set.Add(entry));
    }

    private static Step Remove(SetEntries set, SetEntry entry)
    {
        var name = $"ApplicationSet {entry.Set}";
        return set.Uid != entry.SetUid ? new(Said($"{name} was deleted and made again, and our entry went with the old one"))
            : !set.Has(entry) ? new(Said($"Our entry was not in {name} any more"))
            : set.IsApplied(entry) ? new(Said($"The entry in {name} stays, since it stands by now in what is applied there"))
            : !entry.IsOurs && !set.AreWrittenByUs ? new(Said($"The entry in {name} stays, since somebody else wrote it"))
            : new(ClusterAnswer.Ok, set.Remove(entry));
    }

    private static ClusterAnswer Said(string sentence) => new(ClusterAnswerKind.Ok, sentence);

    private async Task<(ClusterAnswer Answer, bool Wrote)> ChangeAsync(string ns, string name, string person, Func<SetEntries, Step> next, CancellationToken ct)
    {
        var path = ApplicationPaths.Set(ns, name);
        var attempt = new Attempt(cluster.Name, ReservedUser.Sets, "patch", $"applicationsets/{name}", ns);
        var wrote = false;
        for (var tried = 1; ; tried++)
        {
            var read = await cluster.GetAsync(path, ct);
            if (!read.IsOk)
            {
                return (read.Status == HttpStatusCode.NotFound ? await GoneAsync(ns, name, ct) : ClusterAnswers.Of(read, attempt with { Who = null, Verb = "get" }), wrote);
            }

            var step = next(new(read.Body));
            if (step.Patch is null)
            {
                return (step.Answer, wrote);
            }

            if (tried > GuardedPatch.Tries)
            {
                return (new(ClusterAnswerKind.FenceBusy, $"ApplicationSet {name} keeps changing under our hands; trying again in a moment"), wrote);
            }

            var written = await cluster.PatchAsync($"{path}?fieldManager={ArgoCdReconciler.FieldManager}", step.Patch, new(ReservedUser.Sets, person), ct);
            ct = CancellationToken.None; // the write went out: its outcome is learned even while stopping
            if (written.IsOk)
            {
                return next(new(written.Body)).Patch is null ? (step.Answer, true)
                    : (new(ClusterAnswerKind.Rejected, $"Cluster {cluster.Name} took the change of ApplicationSet {name} and did not keep it: this Argo CD's sets have no ignoreApplicationDifferences, or an admission webhook takes it out"), true);
            }

            var answer = ClusterAnswers.Of(written, attempt);
            wrote |= answer.Kind == ClusterAnswerKind.Unknown;
            var isWorthLooking = GuardedPatch.IsFailedTest(written) || answer.Kind is ClusterAnswerKind.Moved or ClusterAnswerKind.Unknown or ClusterAnswerKind.Gone;
            if (!isWorthLooking || (answer.Kind == ClusterAnswerKind.Unknown && tried == GuardedPatch.Tries))
            {
                return (answer, wrote);
            }
        }
    }

    /// <summary>As with applications, one 404 is no proof.</summary>
    private async Task<ClusterAnswer> GoneAsync(string ns, string name, CancellationToken ct)
    {
        var list = await cluster.GetAsync($"{ApplicationPaths.Sets(ns)}?fieldSelector={Uri.EscapeDataString($"metadata.name={name}")}", ct);
        return list.IsOk && !list.Body.Items("items").Any()
            ? new(ClusterAnswerKind.Gone, $"ApplicationSet {name} does not exist any more, and our entry with it")
            : new(ClusterAnswerKind.Unavailable, $"Cluster {cluster.Name} does not say whether ApplicationSet {name} is there");
    }

    /// <summary>What to answer, and what to write before that.</summary>
    private sealed record Step(ClusterAnswer Answer, string? Patch = null);
}
