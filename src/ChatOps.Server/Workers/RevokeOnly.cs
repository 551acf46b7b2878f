using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Storage;

namespace ChatOps.Server.Workers;

/// <summary>
/// What the server does while its store or its settings are refused: it ends access by the labels in the clusters, says why
/// in its log and its health, and takes nothing from anybody.
/// </summary>
internal sealed partial class RevokeOnly(EndByLabel end, TimeProvider time, ILogger<RevokeOnly> logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TryEvery = TimeSpan.FromSeconds(30);

    /// <summary>Comes back when the books are open. Where no access can be it does not stand in the way of the refusal.</summary>
    /// <param name="openBooks">Throws <see cref="StorageRefusedException"/> as long as they cannot be opened.</param>
    public async Task UntilOpenAsync(Action openBooks, string urls, CancellationToken ct)
    {
        try
        {
            openBooks();
        }
        catch (StorageRefusedException refused) when (!refused.IsInUse)
        {
            if (!await end.IsNeededAsync(ct))
            {
                throw;
            }

            LogRefused(refused.Message);
            await using var door = await OpenDoorAsync(urls, "store", refused.Message, ct);
            while (!await TryOpenAsync(openBooks, ct))
            {
                for (var since = Clock.Now(time); Clock.Now(time) - since < TryEvery;)
                {
                    await Task.Delay(UntilNext(await LookAsync(ct)), time, ct);
                }
            }

            LogOpen();
        }
    }

    /// <summary>Comes back when no access of ours is left: at once, if there is none.</summary>
    public async Task UntilNothingIsLeftAsync(string urls, string why, CancellationToken ct)
    {
        var look = await LookAsync(ct);
        if (look is not { Left.Count: > 0 })
        {
            return;
        }

        LogUnusable(look.Left.Count, why);
        await using var door = await OpenDoorAsync(urls, "settings", "wrong: see the log", ct);
        while (look is not { Left: [], Troubles: [] })
        {
            await Task.Delay(UntilNext(look), time, ct);
            look = await LookAsync(ct);
        }

        LogNothingLeft();
    }

    /// <summary>Null: nothing could be looked at.</summary>
    private async Task<LabelLook?> LookAsync(CancellationToken ct)
    {
        try
        {
            var look = await end.HandleAsync(ct);
            foreach (var ended in look.Ended)
            {
                LogEnded(ended.Subject, ended.Namespace, ended.Cluster, ended.ObjectName);
            }

            foreach (var trouble in look.Troubles)
            {
                LogTrouble(trouble);
            }

            return look;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Nothing else is left that could end access: what breaks is tried again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception);
            return null;
        }
    }

    /// <summary>Until the first moment of what is there, if that is sooner than the next look.</summary>
    private TimeSpan UntilNext(LabelLook? look)
    {
        var now = Clock.Now(time);
        return (look?.Left ?? []).Select(one => (one.ExpiresAt ?? now) - now).Where(wait => wait > TimeSpan.Zero).Append(Every).Min();
    }

    /// <summary>Looked at first: what opens late must not keep what is past waiting.</summary>
    private async Task<bool> TryOpenAsync(Action openBooks, CancellationToken ct)
    {
        await LookAsync(ct);
        try
        {
            openBooks();
            return true;
        }
        catch (StorageRefusedException)
        {
            return false;
        }
    }

    /// <summary>Live, so that nothing restarts it in circles; not ready, so that nobody is sent here. Without it access ends too.</summary>
    private async Task<WebApplication?> OpenDoorAsync(string urls, string part, string why, CancellationToken ct)
    {
        try
        {
            var door = Door(urls, part, why);
            await door.StartAsync(ct);
            return door;
        }
        catch (Exception closed) when (closed is IOException or InvalidOperationException or FormatException or System.Net.Sockets.SocketException)
        {
            LogNoDoor(closed);
            return null;
        }
    }

    private static WebApplication Door(string urls, string part, string why)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(urls.Split(';'));
        builder.Services.AddRoutingCore();
        var door = builder.Build();
        door.MapGet("/health/live", () => Results.Json(new { status = "live" }));
        door.MapGet("/health/ready", () => Results.Json(new { status = "not ready", parts = new Dictionary<string, string> { [part] = why, ["grants"] = "ended by their labels only" } }, statusCode: StatusCodes.Status503ServiceUnavailable));
        return door;
    }

    [LoggerMessage(LogLevel.Critical, "The store is refused, so nothing is done but to end access that is past its moment, by the labels in the clusters: {Why}")]
    private partial void LogRefused(string why);

    [LoggerMessage(LogLevel.Critical, "The server cannot start and stays only to end what access is left ({Left} objects), by the labels in the clusters: {Why}")]
    private partial void LogUnusable(int left, string why);

    [LoggerMessage(LogLevel.Warning, "No access is left: the server stops")]
    private partial void LogNothingLeft();

    [LoggerMessage(LogLevel.Error, "Nobody can ask for its health")]
    private partial void LogNoDoor(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Access of {Subject} in {Namespace} of {Cluster} ended by its label: {ObjectName}")]
    private partial void LogEnded(string subject, string @namespace, string cluster, string objectName);

    [LoggerMessage(LogLevel.Error, "Access cannot be ended by labels now: {Trouble}")]
    private partial void LogTrouble(string trouble);

    [LoggerMessage(LogLevel.Error, "Ending access by labels broke; it is tried again")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "The store is open again: the server starts")]
    private partial void LogOpen();
}
