using System.Security.Cryptography;
using System.Text;
using ChatOps.Core.Alerts;
using ChatOps.Core.Records;

namespace ChatOps.Server.Alerts;

/// <summary>
/// <c>POST /webhooks/alertmanager</c>. Nothing in a body is looked at before its token is; what was told is stored
/// durably before it is acknowledged. Alertmanager repeats after 5xx and never after 4xx, so that "later" is a 503.
/// </summary>
internal sealed partial class AlertmanagerDoor(AlertmanagerOptions options, HearAlerts hear, TimeProvider time, ILogger<AlertmanagerDoor> logger)
{
    private const int MostBytes = 1 << 20;
    private const int MostPerMinute = 300;

    private readonly byte[] token = SHA256.HashData(Encoding.UTF8.GetBytes(options.Token));
    private readonly Lock gate = new();
    private DateTimeOffset minute;
    private int inThisMinute;

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/webhooks/alertmanager", (HttpContext http) => http.RequestServices.GetRequiredService<AlertmanagerDoor>().AnswerAsync(http));

    private async Task AnswerAsync(HttpContext http)
    {
        if (!IsAlertmanager(http.Request.Headers.Authorization.ToString()))
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (!HasRoom())
        {
            http.Response.Headers.RetryAfter = "60";
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        if (await ReadAsync(http.Request, http.RequestAborted) is not { } body)
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

    /// <summary>Hashes are compared, so that neither the content nor the length of the token can be measured.</summary>
    private bool IsAlertmanager(string authorization)
    {
        const string scheme = "Bearer ";
        var presented = authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? authorization[scheme.Length..] : "";
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(presented)), token) && presented.Length > 0;
    }

    private bool HasRoom()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (now - minute >= TimeSpan.FromMinutes(1) || now < minute)
            {
                (minute, inThisMinute) = (now, 0);
            }

            return ++inThisMinute <= MostPerMinute;
        }
    }

    /// <summary>Null when there is too much, and then the rest is never read.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength > MostBytes)
        {
            return null;
        }

        using var body = new MemoryStream();
        var chunk = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, ct)) > 0)
        {
            if (body.Length + read > MostBytes)
            {
                return null;
            }

            body.Write(chunk, 0, read);
        }

        return body.ToArray();
    }

    [LoggerMessage(LogLevel.Error, "{Count} alerts could not be stored; Alertmanager brings them again")]
    private partial void LogNotStored(Exception exception, int count);
}
