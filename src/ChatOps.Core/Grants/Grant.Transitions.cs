using ChatOps.Core.Operations;

namespace ChatOps.Core.Grants;

/// <content>How a grant moves. It is written before the access exists, and ends only when the cluster says that it is gone.</content>
public sealed partial record Grant
{
    /// <summary>A token that was lost is asked for again; somebody who asks more often does something else with them.</summary>
    public const int MostClaims = 10;

    /// <summary>The grant of an operation that is about to be carried out.</summary>
    public static Grant Written(Operation operation, GrantWork work, DateTimeOffset firstStartedAt, DateTimeOffset now) => new()
    {
        Id = operation.Lease,
        Kind = work.Access,
        Incident = operation.Incident,
        Operation = operation.Id,
        Person = operation.RequestedBy,
        Subject = work.SubjectOf(operation.Lease),
        Role = work.Role,
        Target = operation.Plan.Application.Ref,
        Scope = work.Scope,
        Reason = operation.Reason,
        StartedAt = now,
        EndsAt = DateTimeOffset.FromUnixTimeSeconds(operation.EndsAt(now).ToUnixTimeSeconds()),
        FirstStartedAt = firstStartedAt,
        Latest = firstStartedAt + operation.Authority.LongestInAll,
        Probes = work.Probes,
        State = GrantState.Starting,
    };

    /// <summary>The proof that the port asks for, from the operation that made this grant and while its time lasts.</summary>
    public AuthorizedGrant Give(AuthorizedOperation authorized, DateTimeOffset now)
    {
        if (State != GrantState.Starting || authorized.Operation.Id != Operation)
        {
            throw new InvalidOperationException($"Grant {Id} is {State} and was made by operation {Operation}: it cannot be given by {authorized.Operation.Id}");
        }

        return now < EndsAt ? new(this) : throw new InvalidOperationException($"Grant {Id} ended at {EndsAt:O}, before it was given");
    }

    /// <summary>The cluster confirmed it.</summary>
    public Grant Given(DateTimeOffset now) => State == GrantState.Starting
        ? this with { State = GrantState.Active, GivenAt = now, Attempts = 0, NextAttemptAt = null }
        : throw Wrong("given");

    /// <summary>Its person asks for a token, and the proof that the port asks for; null: it is none of which there are tokens, or not there any more, or asked for too often.</summary>
    public AuthorizedClaim? Claim(DateTimeOffset now) =>
        Kind == GrantKind.ServiceAccount && State == GrantState.Active && now < EndsAt && Claims < MostClaims ? new(this with { Claims = Claims + 1 }) : null;

    /// <summary>The cluster refused, and nothing can be there.</summary>
    public Grant NeverGiven(DateTimeOffset now) => State == GrantState.Starting
        ? this with { State = GrantState.Void, EndedAt = now, NextAttemptAt = null }
        : throw Wrong("void");

    /// <summary>Begins the end before its time. Again for one that is ending already: the first reason stays.</summary>
    public Grant BeginEnd(string by, string why, DateTimeOffset now) => State switch
    {
        GrantState.Starting or GrantState.Active => this with { State = GrantState.Ending, EndedBy = by, EndReason = why, EndBegunAt = now, Attempts = 0, NextAttemptAt = now },
        GrantState.Ending => this,
        GrantState.Ended or GrantState.Void => throw Wrong("ended"),
    };

    /// <summary>The proof that the port asks for to take it away; for every grant that may still be there.</summary>
    public AuthorizedRevocation Revoke() => IsLive
        ? new(Kind, Scope.Cluster, ObjectName, Scope.Namespaces, Id, EndedBy ?? "chatops") { Project = Scope.Project, Accounts = Scope.Accounts }
        : throw Wrong("revoked");

    /// <summary>For what came to be of it after it was over: an answer that was lost, a request that was late.</summary>
    public AuthorizedRevocation RevokeRemains() => new(Kind, Scope.Cluster, ObjectName, Scope.Namespaces, Id, "chatops") { Project = Scope.Project, Accounts = Scope.Accounts };

    /// <summary>The cluster took it away.</summary>
    public Grant Ended(DateTimeOffset at) => IsLive
        ? this with { State = GrantState.Ended, EndedAt = at, EndedBy = EndedBy ?? "chatops", NextAttemptAt = null, Attempts = 0, Proof = Probes.Count == 0 ? GrantProof.NoMoreThanBefore : GrantProof.None }
        : throw Wrong("ended");

    /// <summary>The cluster had nothing of it any more.</summary>
    public Grant FoundGone(DateTimeOffset at)
    {
        var ended = Ended(at) with { WasGone = true };
        return GivenAt is null ? ended with { Proof = GrantProof.NoMoreThanBefore } : ended; // where nobody saw anything there is nothing to prove
    }

    public Grant Proved(GrantProof proof, DateTimeOffset now) => State == GrantState.Ended && proof != GrantProof.None
        ? this with { Proof = proof, ProvedAt = now, NextAttemptAt = null }
        : throw Wrong($"proved {proof}");

    /// <summary>The cluster did not take it away, or did not tell: again, for as long as it takes.</summary>
    public Grant TryAgainAt(DateTimeOffset at) => IsUnsettled
        ? this with { Attempts = Attempts + 1, NextAttemptAt = at }
        : throw Wrong("tried again");

    /// <summary>What is due now, in the order of urgency. Null: nothing.</summary>
    public GrantStep? Due(TimeSpan noticeBefore, DateTimeOffset now)
    {
        if (NextAttemptAt > now)
        {
            return null;
        }

        if (State == GrantState.Ending || IsLive && now >= EndsAt)
        {
            return GrantStep.TakeBack;
        }

        return State switch
        {
            GrantState.Ended when Proof == GrantProof.None => GrantStep.Prove,
            GrantState.Active when NoticedAt is null && now >= EndsAt - noticeBefore && now - StartedAt > noticeBefore / 5 => GrantStep.Notice,
            _ => null,
        };
    }

    /// <summary>The next moment at which something can be due, for whoever sleeps until then.</summary>
    public DateTimeOffset NextDue(TimeSpan noticeBefore) =>
        NextAttemptAt ?? (State == GrantState.Active && NoticedAt is null ? EndsAt - noticeBefore : EndsAt);

    private InvalidOperationException Wrong(string what) => new($"Grant {Id} is {State} and cannot be {what}");
}

/// <summary>What time does to a grant.</summary>
public enum GrantStep
{
    TakeBack,
    Prove,
    Notice,
}
