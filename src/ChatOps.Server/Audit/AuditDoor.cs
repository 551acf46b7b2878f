using ChatOps.Core.Evidence;
using ChatOps.Core.Records;
using ChatOps.Platform;
using ChatOps.Platform.Kubernetes.Audit;
using ChatOps.Server.Metrics;
using ChatOps.Server.Webhooks;

namespace ChatOps.Server.Audit;

/// <summary>
/// <c>POST /webhooks/kubernetes/audit</c>. The token says which cluster tells, and nothing in a body is looked at before it;
/// what belongs to open access is stored durably before it is acknowledged. What is not a success an API server brings again a few
/// times within a minute or two, whatever the status (older ones only 429 and 5xx), and then drops: a refusal is no backlog.
/// </summary>
internal sealed partial class AuditDoor(PlatformOptions options, HearAudit hear, Meters meters, TimeProvider time, ILogger<AuditDoor> logger)
{
    /// <summary>What an API server sends at most with <c>--audit-webhook-truncate-enabled</c>, and a little.</summary>
    private const int MostBytes = 11 << 20;

    /// <summary>Of one cluster; an API server sends 10 batches a second at most.</summary>
    private const int MostPerMinute = 600;

    private readonly IReadOnlyList<WebhookCaller> clusters = [.. options.Clusters.Where(cluster => cluster.AuditToken.Length > 0).Select(cluster => new WebhookCaller(cluster.Name, cluster.AuditToken, MostPerMinute))];

    /// <summary>Where no cluster has a token there is no door. It is made at the first request: the books may not be open before.</summary>
    public static void Map(WebApplication app)
    {
        if (app.Services.GetRequiredService<PlatformOptions>().Clusters.Any(cluster => cluster.AuditToken.Length > 0))
        {
            app.MapPost("/webhooks/kubernetes/audit", (HttpContext http) => http.RequestServices.GetRequiredService<AuditDoor>().AnswerAsync(http));
        }
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (WebhookCaller.Find(clusters, http.Request.Headers.Authorization.ToString()) is not { } cluster)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var outcome = cluster.HasRoom(time.GetUtcNow()) ? await HearAsync(cluster, http) : AuditOutcome.Later;
        meters.Audited(cluster.Name, outcome, time.GetUtcNow());
        http.Response.StatusCode = outcome switch
        {
            AuditOutcome.Heard => StatusCodes.Status200OK,
            AuditOutcome.NotStored => StatusCodes.Status503ServiceUnavailable,
            AuditOutcome.Later => StatusCodes.Status429TooManyRequests,
            AuditOutcome.TooLarge => StatusCodes.Status413PayloadTooLarge,
            AuditOutcome.Unreadable => StatusCodes.Status400BadRequest,
        };
    }

    private async Task<AuditOutcome> HearAsync(WebhookCaller cluster, HttpContext http)
    {
        if (await BoundedBody.ReadAsync(http.Request, MostBytes, http.RequestAborted) is not { } body)
        {
            http.Response.Headers.Connection = "close";
            LogTooLarge(cluster.Name, MostBytes);
            return AuditOutcome.TooLarge;
        }

        if (AuditEvents.Read(body) is not { } notices)
        {
            return AuditOutcome.Unreadable;
        }

        try
        {
            await hear.HandleAsync(cluster.Name, notices, http.RequestAborted);
            return AuditOutcome.Heard;
        }
        catch (Exception e) when (e is RecordsUnavailableException or StaleRecordException)
        {
            LogNotStored(e, notices.Count, cluster.Name);
            return AuditOutcome.NotStored;
        }
    }

    [LoggerMessage(LogLevel.Error, "{Count} audit events of cluster {Cluster} could not be stored; its API server brings them again a few times, and then drops them")]
    private partial void LogNotStored(Exception exception, int count, string cluster);

    [LoggerMessage(LogLevel.Error, "A batch of audit events of cluster {Cluster} is larger than {Most} bytes and not read: set --audit-webhook-truncate-enabled and a smaller --audit-webhook-batch-max-size")]
    private partial void LogTooLarge(string cluster, int most);
}

/// <summary>What became of one batch of audit events.</summary>
public enum AuditOutcome
{
    Heard,

    /// <summary>The store cannot write now.</summary>
    NotStored,

    /// <summary>The minute is full.</summary>
    Later,
    TooLarge,
    Unreadable,
}
