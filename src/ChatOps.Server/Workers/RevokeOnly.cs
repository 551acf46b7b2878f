using ChatOps.Core.Grants;
using ChatOps.Storage;

namespace ChatOps.Server.Workers;

/// <summary>
/// What the server does while its store is refused: it ends access by the labels in the clusters, says why in its log and
/// its health, takes nothing from anybody, and goes on by itself when the store is put back.
/// </summary>
internal sealed partial class RevokeOnly(EndByLabel end, TimeProvider time, ILogger<RevokeOnly> logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private const int LooksPerTry = 6;

    /// <summary>Comes back when the books are open. With no cluster that can hold access it does not stand in the way of the refusal.</summary>
    /// <param name="openBooks">Throws <see cref="StorageRefusedException"/> as long as they cannot be opened.</param>
    public async Task UntilOpenAsync(Action openBooks, string urls, CancellationToken ct)
    {
        try
        {
            openBooks();
            return;
        }
        catch (StorageRefusedException refused) when (!refused.IsInUse)
        {
            if (!await end.IsNeededAsync(ct))
            {
                throw;
            }

            LogRefused(refused.Message);
            await using var door = Door(urls, refused.Message);
            await door.StartAsync(ct);
            while (!await TryOpenAsync(openBooks, ct))
            {
                for (var look = 0; look < LooksPerTry; look++)
                {
                    await LookAsync(ct);
                    await Task.Delay(Every, time, ct);
                }
            }

            await door.StopAsync(ct);
            LogOpen();
        }
    }

    private async Task LookAsync(CancellationToken ct)
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
        }
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

    /// <summary>Live, so that nothing restarts it in circles; not ready, so that nobody is sent here.</summary>
    private static WebApplication Door(string urls, string why)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(urls.Split(';'));
        builder.Services.AddRoutingCore();
        var door = builder.Build();
        door.MapGet("/health/live", () => Results.Json(new { status = "live" }));
        door.MapGet("/health/ready", () => Results.Json(new { status = "not ready", parts = new Dictionary<string, string> { ["store"] = why, ["grants"] = "ended by their labels only" } }, statusCode: StatusCodes.Status503ServiceUnavailable));
        return door;
    }

    [LoggerMessage(LogLevel.Critical, "The store is refused, so nothing is done but to end access that is past its moment, by the labels in the clusters: {Why}")]
    private partial void LogRefused(string why);

    [LoggerMessage(LogLevel.Warning, "Access of {Subject} in {Namespace} of {Cluster} ended by its label: {ObjectName}")]
    private partial void LogEnded(string subject, string @namespace, string cluster, string objectName);

    [LoggerMessage(LogLevel.Error, "Access cannot be ended by labels now: {Trouble}")]
    private partial void LogTrouble(string trouble);

    [LoggerMessage(LogLevel.Error, "Ending access by labels broke; it is tried again")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "The store is open again: the server starts")]
    private partial void LogOpen();
}
