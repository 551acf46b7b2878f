using ChatOps.Core.Alerts;
using ChatOps.Core.Records;
using ChatOps.Server.Webhooks;

namespace ChatOps.Server.Alerts;

/// <summary>
/// <c>POST /webhooks/alertmanager</c>. Nothing in a body is looked at before its token is; what was told is stored
/// durably before it is acknowledged. Alertmanager repeats after 5xx and never after 4xx, so that "later" is a 503.
/// </summary>
internal sealed partial class AlertmanagerDoor(AlertmanagerOptions options, HearAlerts hear, TimeProvider time, ILogger<AlertmanagerDoor> logger)
{
    private const int MostBytes = 1 << 20;
    private const int MostPerMinute = 300;

    private readonly WebhookCaller alertmanager = new("Alertmanager", options.Token, MostPerMinute);

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/webhooks/alertmanager", (HttpContext http) => http.RequestServices.GetRequiredService<AlertmanagerDoor>().AnswerAsync(http));

    private async Task AnswerAsync(HttpContext http)
    {
        if (!alertmanager.IsShownBy(http.Request.Headers.Authorization.ToString()))
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (!alertmanager.HasRoom(time.GetUtcNow()))
        {
            http.Response.Headers.RetryAfter = "60";
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        if (await BoundedBody.ReadAsync(http.Request, MostBytes, http.RequestAborted) is not { } body)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            http.Response.Headers.Connection = "close";
            return;
        }

        http.Response.StatusCode = AlertmanagerMessage.Read(body) is { } notices
            ? await StoreAsync(notices, http.RequestAborted)
            : StatusCodes.Status400BadRequest;
    }

    private async Task<int> StoreAsync(IReadOnlyList<AlertNotice> notices, CancellationToken ct)
    {
        try
        {
            await hear.HandleAsync(notices, ct);
            return StatusCodes.Status200OK;
        }
        catch (Exception e) when (e is RecordsUnavailableException or StaleRecordException)
        {
            LogNotStored(e, notices.Count);
            return StatusCodes.Status503ServiceUnavailable;
        }
    }

    [LoggerMessage(LogLevel.Error, "{Count} alerts could not be stored; Alertmanager brings them again")]
    private partial void LogNotStored(Exception exception, int count);
}
