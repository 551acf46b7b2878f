using System.Collections.Concurrent;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Operations;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Grants;

/// <summary>
/// Takes access away, then says so. The cluster is asked before anything is read or written here, because nothing may keep
/// an end waiting; what is not written down after a crash is simply done again.
/// </summary>
public sealed class EndGrants(IncidentFiles files, AccessPorts access, Register register, GrantCards cards, TimeProvider time)
{
    private const int AtOnce = EndTurns.EndsAtOnce;

    private readonly ConcurrentDictionary<string, EndTurns> turns = new(StringComparer.Ordinal);

    /// <summary>When the cluster said that it took one away, until that is written down: where it cannot be at once, the next round finds nothing and must not call that somebody else's doing.</summary>
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> taken = new();

    /// <summary>What is not proved by then is proved in a round of its own, in which no end waits.</summary>
    private static readonly TimeSpan ProofPatience = TimeSpan.FromSeconds(2);

    /// <summary>What is due, all of one incident or of several. Throws only what the books throw, after every end was tried.</summary>
    public async Task HandleAsync(IReadOnlyList<Grant> due, CancellationToken ct)
    {
        var outcomes = new ConcurrentBag<Outcome>();
        var all = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct };
        await Parallel.ForEachAsync(due.Where(grant => grant.IsLive).OrderBy(grant => grant.EndsAt), all, async (grant, _) => outcomes.Add(await TurnsAt(grant).EndAsync(() => TakeBackAsync(grant), ct)));

        // Only when everything is taken away: what it proves can wait, another person's end cannot.
        var proved = new ConcurrentBag<Outcome>();
        var ended = outcomes.Where(outcome => outcome.IsOver).Concat(due.Where(grant => !grant.IsLive).Select(grant => new Outcome(grant, ClusterAnswer.Ok, grant.EndedAt ?? Clock.Now(time))));
        await Parallel.ForEachAsync(ended, all, async (outcome, _) => proved.Add(outcome.Grant.IsLive ? await ProveSoonAsync(outcome, ct) : await ProveAsync(outcome, ct)));
        var broken = new List<Exception>();
        foreach (var incident in proved.Concat(outcomes.Where(outcome => !outcome.IsOver)).GroupBy(outcome => outcome.Grant.Incident))
        {
            try
            {
                await WriteDownAsync(incident.Key, [.. incident], CancellationToken.None);
            }
            catch (Exception exception) when (exception is RecordsUnavailableException or StaleRecordException)
            {
                broken.Add(exception); // one incident's record keeps no other from its own
            }
        }

        if (broken.Count > 0)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(broken[0]);
        }
    }

    private async Task<Outcome> TakeBackAsync(Grant grant)
    {
        // Once begun it is not called back: a stop in between would leave an end that nobody knows of.
        var answer = await AnswerAsync(grant);
        if (answer.Kind == ClusterAnswerKind.Gone && taken.TryGetValue(grant.Id, out var before))
        {
            return new(grant, ClusterAnswer.Ok, before);
        }

        var outcome = new Outcome(grant, answer, Clock.Now(time));
        if (answer.IsOk && taken.TryAdd(grant.Id, outcome.At))
        {
            GrantMeter.Ended(grant, outcome.At);
        }

        return outcome;
    }

    private async Task<ClusterAnswer> AnswerAsync(Grant grant)
    {
        try
        {
            return await access.Of(grant.Kind).TakeBackAsync(grant.Revoke(), CancellationToken.None);
        }
#pragma warning disable CA1031 // One end that breaks must not keep another person's waiting; it is told and tried again like a cluster's no.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new(ClusterAnswerKind.Unknown, $"Taking it away broke ({exception.GetType().Name})");
        }
    }

    private async Task<Outcome> ProveSoonAsync(Outcome outcome, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(ProofPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            return await ProveAsync(outcome, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return outcome;
        }
    }

    private async Task<Outcome> ProveAsync(Outcome outcome, CancellationToken ct)
    {
        var grant = outcome.Grant;
        if (grant.Probes.Count == 0 || (grant.GivenAt is null && outcome.WasGone))
        {
            return outcome;
        }

        var groups = register.Find(grant.Person)?.KubernetesGroups ?? [];
        return await TurnsAt(grant).ProveAsync(async () => outcome with { Allowed = await access.Of(grant.Kind).AllowedNowAsync(grant, groups, ct), AskedAt = Clock.Now(time) }, ct);
    }

    private Task WriteDownAsync(int incident, IReadOnlyList<Outcome> outcomes, CancellationToken ct) => UnlessFaster.DoAsync(async () =>
    {
        if (await files.OpenAsync(incident, ct) is not { } file)
        {
            return;
        }

        foreach (var outcome in outcomes.OrderBy(outcome => outcome.At))
        {
            if (file.Grant(outcome.Grant.Id) is { IsUnsettled: true } grant)
            {
                WriteDown(file, grant, outcome);
            }
        }

        await files.PutBackAsync(file, null, ct);
        foreach (var written in outcomes.Where(outcome => file.Grant(outcome.Grant.Id) is { IsLive: false }))
        {
            taken.TryRemove(written.Grant.Id, out _);
        }

        foreach (var proved in outcomes.Select(outcome => file.Grant(outcome.Grant.Id)))
        {
            if (proved is { Proof: GrantProof.NoMoreThanBefore, ProvedAt: { } at } && file.AsOpened.Grant(proved.Id) is { Proof: GrantProof.None })
            {
                GrantMeter.Proved(proved, at);
            }
        }
    });

    private void WriteDown(IncidentFile file, Grant grant, Outcome outcome)
    {
        if (!outcome.IsOver)
        {
            var next = grant.TryAgainAt(file.Now + (outcome.Answer.RetryAfter ?? Backoff.After(grant.Attempts + 1)));
            file.Save(next);
            if (next.Attempts is 1 or 10 || next.Attempts % 100 == 0)
            {
                file.Tell(TimelineKind.GrantNotEnded, "chatops", _ => Text.Of($"{Whose(grant)} is {"not ended yet":b}: {outcome.Answer.Sentence}. I keep trying until it is."), Tone.Alarm, grant.Id);
            }

            return;
        }

        var wasLive = grant.IsLive;
        var ended = !wasLive ? grant : outcome.WasGone ? grant.FoundGone(outcome.At) : grant.Ended(outcome.At);
        var told = GrantTexts.Ended(ended, outcome.At, register);
        if (ended.Proof == GrantProof.None && outcome.Allowed is { } allowed)
        {
            ended = Prove(file, ended, allowed, outcome.AskedAt, out var proof);
            told += proof;
        }

        if (ended.Proof == GrantProof.None)
        {
            ended = ended.TryAgainAt(file.Now + Backoff.After(ended.Attempts + 1));
        }

        file.Save(ended);
        if (wasLive)
        {
            cards.Show(file, ended);
        }

        if (wasLive || ended.Proof != GrantProof.None)
        {
            file.Tell(wasLive ? TimelineKind.GrantEnded : TimelineKind.GrantProved, ended.EndedBy ?? "chatops", _ => told, ended.Proof == GrantProof.StillAllowed && !GoesOn(file, ended) ? Tone.Alarm : Tone.Good, ended.Id, outcome.At);
        }
    }

    /// <summary>Access that goes on by another grant of ours is no failure, and no proof either.</summary>
    private static Grant Prove(IncidentFile file, Grant ended, IReadOnlyList<AccessRight> allowed, DateTimeOffset askedAt, out Text proof)
    {
        proof = Text.Empty;
        var others = file.Grants.Where(ended.GoesOnBy).ToList();
        var goesOn = others.Find(other => other.IsOpen) is { } other ? Text.Of($" Access goes on until {other.EndsAt} by grant {other.ShortId:code}.") : null;
        if (allowed.Count == 0)
        {
            proof = GrantTexts.Gone(ended, askedAt) + (ended.Kind == GrantKind.RoleBinding ? Text.Empty : goesOn ?? Text.Empty);
            return ended.Proved(GrantProof.NoMoreThanBefore, askedAt);
        }

        if (GoesOn(file, ended))
        {
            proof = goesOn!;
            return ended.Proved(GrantProof.StillAllowed, askedAt);
        }

        // The authorizer may learn of it a moment later; after some tries it is something else that allows it, unless that is being ended too.
        if (ended.Attempts < 5 || (IsSubjectOfOthers(ended) && others.Count > 0))
        {
            return ended;
        }

        proof = GrantTexts.StillThere(ended, allowed);
        return ended.Proved(GrantProof.StillAllowed, askedAt);
    }

    /// <summary>By another grant that people approved, so that nothing is wrong.</summary>
    private static bool GoesOn(IncidentFile file, Grant ended) => IsSubjectOfOthers(ended) && file.Grants.Any(other => other.IsOpen && ended.GoesOnBy(other));

    /// <summary>An account is one grant's alone.</summary>
    private static bool IsSubjectOfOthers(Grant grant) => grant.Kind is GrantKind.RoleBinding or GrantKind.ClusterRoleBinding;

    private EndTurns TurnsAt(Grant grant) => turns.GetOrAdd(grant.Scope.Cluster, _ => new());

    private Text Whose(Grant grant) => GrantTexts.Whose(grant, register);

    private sealed record Outcome(Grant Grant, ClusterAnswer Answer, DateTimeOffset At)
    {
        public bool IsOver => Answer.IsAway;

        public bool WasGone => Answer.Kind == ClusterAnswerKind.Gone;

        public IReadOnlyList<AccessRight>? Allowed { get; init; }

        public DateTimeOffset AskedAt { get; init; }
    }
}
