using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;
using ChatOps.Server.Metrics;

namespace ChatOps.Server.Workers;

/// <summary>
/// At the start and every few minutes: what the clusters hold of ours is held against the books. What is wrong is in the log
/// and the numbers at once, whatever becomes of telling people.
/// </summary>
internal sealed partial class GrantSweeper(SweepGrants sweep, TellFound tell, Meters meters, TimeProvider time, ILogger<GrantSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);

    /// <summary>Taken away and not told yet, because the books could not take it; by what it is, so that one that stays is told once.</summary>
    private readonly Dictionary<FoundGrant, SweptGrant> untold = [];

    /// <summary>What stayed though it was to go: when it is not found any more, that is told. Only memory: after a start it is found again, or gone unsaid.</summary>
    private readonly Dictionary<FoundGrant, SweptGrant> left = [];

    private static readonly ClusterAnswer Vanished = new(ClusterAnswerKind.Gone, "it is not there any more");

    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        var swept = await sweep.HandleAsync(ct);
        meters.Unseen(swept.Unseen);
        foreach (var one in swept.Unseen)
        {
            LogUnseen(one.Kind, one.Cluster, one.Why);
        }

        foreach (var gone in left.Values.Where(one => !swept.Found.Any(found => Same(found.Found, one.Found)) && !swept.Unseen.Any(unseen => unseen.Kind == one.Found.Kind && unseen.Cluster == one.Found.Cluster)).ToList())
        {
            left.Remove(gone.Found);
            untold[gone.Found] = gone with { Answer = Vanished, At = Clock.Now(time) };
        }

        foreach (var one in swept.Found)
        {
            LogFound(one.Found.Subject, one.Found.Namespace, one.Found.Cluster, one.Found.ObjectName, one.Wrong, one.Answer.IsOk ? "taken away" : one.IsGone ? "gone before it could be taken away" : one.Answer.Sentence);
            untold[one.Found] = one;
            if (!one.IsGone)
            {
                left[one.Found] = one;
            }
            else
            {
                left.Remove(one.Found);
            }
        }

        foreach (var one in untold.Values.OrderBy(one => one.At).ToList())
        {
            if (!await tell.HandleAsync(one, ct))
            {
                LogNobody(one.Found.ObjectName);
            }

            untold.Remove(one.Found);
        }

        return swept.IsComplete;
    }

    private static bool Same(FoundGrant one, FoundGrant other) =>
        (one.Kind, one.Cluster, one.Namespace, one.Project, one.ObjectName, one.Uid) == (other.Kind, other.Cluster, other.Namespace, other.Project, other.ObjectName, other.Uid);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var retry = FirstRetry;
        while (!stoppingToken.IsCancellationRequested)
        {
            var complete = false;
            try
            {
                complete = await RunOnceAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A sweep that fails is tried again; the ends at their moments are another worker's.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogFailed(exception);
            }

            await Task.Delay(complete ? Every : retry, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            retry = complete ? FirstRetry : retry * 2 < Every ? retry * 2 : Every;
        }
    }

    [LoggerMessage(LogLevel.Error, "Access of {Subject} in {Namespace} of {Cluster} that no grant stands behind ({ObjectName}): {Wrong}; {Outcome}")]
    private partial void LogFound(string subject, string @namespace, string cluster, string objectName, string wrong, string outcome);

    [LoggerMessage(LogLevel.Error, "Access by {Kind} cannot be looked for in {Cluster}, so what nobody approved is not found there: {Why}")]
    private partial void LogUnseen(GrantKind kind, string cluster, string why);

    [LoggerMessage(LogLevel.Warning, "There is no incident and no channel in which {ObjectName} could be told of")]
    private partial void LogNobody(string objectName);

    [LoggerMessage(LogLevel.Error, "The sweep for access failed")]
    private partial void LogFailed(Exception exception);
}
