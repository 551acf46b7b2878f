using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;
using static System.FormattableString;

namespace ChatOps.Core.Grants;

/// <summary>
/// Holds the clusters against the books: an object of ours without a live grant, a grant without its object, an object
/// past its annotation. Each is ended and reported; none is explained away.
/// </summary>
public sealed class SweepGrants(IRecords records, IncidentFiles files, AccessPorts access, TimeProvider time)
{
    /// <summary>False: a cluster did not answer, or did not take something away; call again soon.</summary>
    public async Task<bool> HandleAsync(CancellationToken ct)
    {
        var complete = true;
        foreach (var port in access.All)
        {
            foreach (var cluster in await ClustersAsync(port, ct))
            {
                complete &= await HoldAgainstAsync(port, cluster, ct);
            }
        }

        return complete;
    }

    /// <summary>Those that can hold grants now, and those that hold one from before the configuration changed.</summary>
    private async Task<IReadOnlyList<string>> ClustersAsync(IAccess port, CancellationToken ct) =>
        [.. (await records.UnsettledGrantsAsync(ct)).Where(grant => grant.Kind == port.Kind).Select(grant => grant.Scope.Cluster).Union(port.Clusters)];

    private async Task<bool> HoldAgainstAsync(IAccess port, string cluster, CancellationToken ct)
    {
        var since = Clock.Now(time);
        var (answer, found) = await port.FindAsync(cluster, ct);
        if (!answer.IsOk)
        {
            return false;
        }

        var complete = true;
        foreach (var one in found)
        {
            var grant = one.Grant is { } id ? await records.FindGrantAsync(id, ct) : null;
            if (WhatIsWrong(one, grant, grant is null ? "" : port.Allows(grant), Clock.Now(time)) is { } wrong)
            {
                complete &= await EndAsync(port, one, grant, wrong, ct);
            }
        }

        var there = found.Select(one => (one.Grant, one.Namespace)).ToHashSet();
        foreach (var grant in await records.UnsettledGrantsAsync(ct))
        {
            if (grant.Kind == port.Kind && grant.Scope.Cluster == cluster && grant.State == GrantState.Active && grant.GivenAt < since && Clock.Now(time) < grant.EndsAt
                && grant.Scope.Places.FirstOrDefault(ns => !there.Contains((grant.Id, ns))) is { } missing)
            {
                await UnlessFaster.DoAsync(() => EndWithoutObjectAsync(grant, missing, ct));
            }
        }

        return complete;
    }

    /// <summary>Null: it stands behind a live grant, or its end is being done anyway. Pure.</summary>
    /// <param name="allows">What an object of that grant allows.</param>
    public static string? WhatIsWrong(FoundGrant found, Grant? grant, string allows, DateTimeOffset now) => grant switch
    {
        null => "the books know of no grant behind it",
        { State: GrantState.Ended or GrantState.Void } => "its grant has ended",
        { State: GrantState.Ending } => null,
        _ when now >= grant.EndsAt => null,
        _ when found.IsRemains => "somebody took its role away and left tokens of it",
        _ when found.Kind != grant.Kind || found.Cluster != grant.Scope.Cluster || found.Project != grant.Scope.Project || !grant.Scope.Places.Contains(found.Namespace) => "it is not where access was approved",
        _ when found.ObjectName != grant.ObjectName => "it has another name than the one that was given",
        _ when found.Subject != grant.Subject => "it is for somebody else than was approved",
        _ when found.Allows is { } other && other != allows => "it allows something else than was approved",
        _ when found.ExpiresAt is null => "somebody took away when it ends, or wrote what nobody can read",
        _ when found.ExpiresAt != grant.EndsAt => Invariant($"somebody moved its end to {found.ExpiresAt:yyyy-MM-dd HH:mm:ss} UTC"),
        _ => null,
    };

    private async Task<bool> EndAsync(IAccess port, FoundGrant found, Grant? grant, string wrong, CancellationToken ct)
    {
        // First the end, then everything else.
        var answer = await port.TakeBackAsync(found.Revoke(), ct);
        await UnlessFaster.DoAsync(() => ReportAsync(found, grant?.Id, wrong, answer, ct));
        return answer.IsOk;
    }

    private async Task ReportAsync(FoundGrant found, Guid? known, string wrong, ClusterAnswer answer, CancellationToken ct)
    {
        var about = found.Incident is { } number ? await files.OpenAsync(number, ct) : null;
        if ((about ?? await NewestAsync(ct)) is not { } file)
        {
            return; // nobody to tell
        }

        if (known is { } id && file.Grant(id) is { State: GrantState.Active } live)
        {
            file.Save(live.BeginEnd("chatops", wrong, file.Now));
        }

        file.Tell(
            TimelineKind.GrantFound,
            "chatops",
            _ => Text.Of($"In {GrantTexts.Where(found)} there was access for {found.Subject:code} with our {(found.Project is null ? "label" : "name")} ({found.ObjectName:code}): {wrong}. ")
                + (answer.IsOk ? "I took it away." : Text.Of($"It is not taken away yet: {answer.Sentence}. I keep trying.")),
            Tone.Alarm,
            known);
        await files.PutBackAsync(file, null, ct);
    }

    private async Task<IncidentFile?> NewestAsync(CancellationToken ct) =>
        (await records.IncidentsAsync(onlyOpen: true, ct)) is [var newest, ..] ? await files.OpenAsync(newest.Number, ct) : null;

    /// <summary>Only before its moment: after it, what is gone is most likely what the end itself took away and has not written down yet.</summary>
    private async Task EndWithoutObjectAsync(Grant stale, string ns, CancellationToken ct)
    {
        if (await files.OpenAsync(stale.Incident, ct) is not { } file || file.Grant(stale.Id) is not { State: GrantState.Active } grant || file.Now >= grant.EndsAt)
        {
            return;
        }

        file.Save(grant.BeginEnd("chatops", $"somebody took its object in {(ns.Length > 0 ? ns : "the cluster")} away", file.Now));
        await files.PutBackAsync(file, null, ct);
    }
}
