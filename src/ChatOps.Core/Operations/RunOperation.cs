using ChatOps.Core.Conversation;
using ChatOps.Core.Evidence;
using ChatOps.Core.Incidents;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Operations;

/// <summary>
/// Runs what is approved. The lease is written down before the cluster is asked, so that a crash at any line leaves
/// either nothing, or an override that has an owner, a deadline and the way back.
/// </summary>
public sealed class RunOperation(IRecords records, IncidentFiles files, KindsOfOperation kinds, AskApprovers approvers, CheckAgain checkAgain, KeepEvidence evidence, TimeProvider time)
{
    /// <summary>How long an answer that says nothing is waited out before people are told that it failed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Instead of asking the cluster for something whose end has come.</summary>
    private static readonly ClusterAnswer TooLate = new(ClusterAnswerKind.Rejected, "its time was over before the cluster answered");

    public async Task HandleAsync(Guid id, CancellationToken ct)
    {
        if (await records.FindOperationAsync(id, ct) is not { State: OperationState.Approved or OperationState.Running } operation)
        {
            return;
        }

        if (operation.State == OperationState.Approved && await StartAsync(operation, ct) is { } authorized)
        {
            await ApplyAsync(authorized, triedBefore: false, ct);
        }
        else if (operation.State == OperationState.Running)
        {
            await ApplyAsync(operation.Continue(), triedBefore: true, ct);
        }
    }

    private async Task<AuthorizedOperation?> StartAsync(Operation approved, CancellationToken ct)
    {
        if (await files.OpenAsync(approved.Incident, ct) is not { } file)
        {
            return null;
        }

        var operation = file.Operation(approved.Id);
        if (operation.State != OperationState.Approved)
        {
            return null;
        }

        if (file.Now >= operation.RequestExpiresAt)
        {
            const string Why = "it was approved, and could not be checked once more and run before its time was over";
            file.Save(operation.Expire(Why, file.Now));
            file.Tell(TimelineKind.Expired, "chatops", _ => Text.Of($"The request for {operation.Plan.Target.Name:code} expired: {Why}. Nothing was changed."), Tone.Warning, operation.Id);
            await approvers.ShowAsync(file, file.Operation(operation.Id), ct);
            await files.PutBackAsync(file, null, ct);
            return null;
        }

        if (!await checkAgain.PassesAsync(file, operation, ct))
        {
            if (file.Changes.Entries.Count > 0) // nothing is told while it only waits to be tried again
            {
                await approvers.ShowAsync(file, file.Operation(operation.Id), ct);
            }

            await files.PutBackAsync(file, null, ct);
            return null;
        }

        if (operation.Plan.Work.Deploys)
        {
            await evidence.RecordAsync(file, operation.Plan.Application.Ref, operation.Id, ct);
        }

        var authorized = operation.Start(file.Now);
        file.Save(authorized.Operation);
        kinds.Of(operation).Begin(file, authorized.Operation);
        file.Record(TimelineKind.Started, "chatops", Text.Of($"{operation.Kind} of {operation.Plan.Target.FullName} started as {operation.Authority.KubernetesUser} for {operation.RequestedBy}"), operation.Id);
        await approvers.ShowAsync(file, authorized.Operation, ct);
        await files.PutBackAsync(file, null, ct);
        return (await records.FindOperationAsync(operation.Id, ct))?.Continue();
    }

    private async Task ApplyAsync(AuthorizedOperation authorized, bool triedBefore, CancellationToken ct)
    {
        var operation = authorized.Operation;
        var tooLate = operation.Plan.Work.HasEnd && Clock.Now(time) >= operation.EndsAt(operation.StateSince);
        // Once it goes on, its override is there.
        var ahead = operation.Plan.Work.StartsOverride && operation.Progress is null ? Underway.Ahead(operation, await records.UnsettledLeasesAsync(ct)) : null;
        var answer = tooLate ? TooLate : ahead ?? await kinds.Of(operation).ApplyAsync(authorized, ct);

        // From here on the cluster may have changed: a shutdown must not keep us from writing that down.
        var mayBeThere = triedBefore || (answer != TooLate && ahead is null && (!operation.Plan.Work.IsOneWrite || answer.Kind is ClusterAnswerKind.Unknown or ClusterAnswerKind.Unavailable));
        await WriteDownAsync(authorized, answer, mayBeThere, CancellationToken.None);
    }

    private async Task WriteDownAsync(AuthorizedOperation authorized, ClusterAnswer answer, bool mayBeThere, CancellationToken ct)
    {
        if (await files.OpenAsync(authorized.Operation.Incident, ct) is not { } file || file.Operation(authorized.Operation.Id) is not { State: OperationState.Running } operation)
        {
            return;
        }

        operation = operation with { Attempts = authorized.Operation.Attempts };
        var kind = kinds.Of(operation);
        if (answer.IsOk)
        {
            kind.Succeed(file, operation with { Progress = answer.Sentence });
        }
        else if (answer.Kind == ClusterAnswerKind.UnderWay)
        {
            if (operation.Progress == answer.Sentence)
            {
                return; // nothing new to say; the next round looks again
            }

            file.Save(operation.Goes(answer.Sentence));
            kind.Goes(file, file.Operation(operation.Id));
            await approvers.ShowAsync(file, file.Operation(operation.Id), ct);
        }
        else if (answer.IsTransient && (answer.Kind == ClusterAnswerKind.Unknown || file.Now - operation.StateSince < Patience))
        {
            Later(file, operation, answer);
        }
        else
        {
            kind.Fail(file, operation, answer, mayBeThere && await kind.IsThereAsync(operation, ct));
        }

        if (file.Operation(operation.Id).State != OperationState.Running)
        {
            await approvers.ShowAsync(file, file.Operation(operation.Id), ct);
        }

        await files.PutBackAsync(file, null, ct);
    }

    private static void Later(IncidentFile file, Operation operation, ClusterAnswer answer)
    {
        var wait = answer.RetryAfter ?? (answer.Kind == ClusterAnswerKind.FenceBusy ? TimeSpan.FromMilliseconds(300) : Backoff.After(operation.Attempts));
        file.Save(operation.TryAgainAt(file.Now + wait));
        if (operation.Attempts == 3)
        {
            file.Tell(TimelineKind.Failed, "chatops", _ => Text.Of($"{operation.Plan.Target.Name:code}: {answer.Sentence}. I keep trying."), Tone.Warning, operation.Id);
        }
    }
}

/// <summary>How long to wait before trying again: 1 s doubling to 30 s.</summary>
public static class Backoff
{
    public static TimeSpan After(int attempts) => TimeSpan.FromSeconds(Math.Min(30, Math.Pow(2, Math.Clamp(attempts - 1, 0, 5))));
}
