using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace ChatOps.Sandbox.Cluster;

/// <summary>
/// What a real API server's audit webhook does under manifests/audit/policy.yaml: writes are told when they are over, in
/// batches, and again until somebody takes them.
/// </summary>
public sealed class AuditWebhook : IAsyncDisposable
{
    private static readonly string[] Told = ["create", "update", "patch", "delete", "deletecollection"];
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(200);
    private const int MostTries = 5;

    private readonly Channel<JsonObject> waiting = Channel.CreateBounded<JsonObject>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource stop = new();
    private readonly HttpClient client = new();
    private readonly Task telling;

    /// <param name="door">Where the events go.</param>
    /// <param name="token">What is presented there.</param>
    public AuditWebhook(Uri door, string token)
    {
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        telling = TellAsync(door);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await telling;
        client.Dispose();
        stop.Dispose();
    }

    internal void Hear(SeenRequest seen, Route? route, int status)
    {
        if (route?.Kind is { } kind && Told.Contains(seen.Verb) && kind.Plural is not ("leases" or "events"))
        {
            waiting.Writer.TryWrite(Event(seen, route, kind, status));
        }
    }

    private static JsonObject Event(SeenRequest seen, Route route, ResourceKind kind, int status)
    {
        var body = Body(seen);
        var hasBody = seen.Verb is "patch" or "delete" or "deletecollection" && kind.Plural != "secrets";
        var one = new JsonObject
        {
            ["level"] = hasBody ? "Request" : "Metadata",
            ["auditID"] = Guid.CreateVersion7(seen.At).ToString(),
            ["stage"] = "ResponseComplete",
            ["requestURI"] = seen.Path + seen.Query,
            ["verb"] = seen.Verb,
            ["user"] = new JsonObject { ["username"] = seen.User },
            ["objectRef"] = new JsonObject
            {
                ["resource"] = kind.Plural,
                ["namespace"] = route.Namespace,
                ["name"] = route.Name.Length > 0 ? route.Name : (body as JsonObject)?["metadata"]?["name"]?.ToString(),
                ["apiGroup"] = kind.Group,
                ["subresource"] = route.Subresource,
            },
            ["responseStatus"] = new JsonObject { ["code"] = status },
            ["requestReceivedTimestamp"] = Written(seen.At),
            ["stageTimestamp"] = Written(seen.At),
        };
        if (seen.ImpersonatedUser is { } impersonated)
        {
            one["impersonatedUser"] = new JsonObject { ["username"] = impersonated };
        }

        if (hasBody && body is not null)
        {
            one["requestObject"] = body;
        }

        return one;
    }

    private static JsonNode? Body(SeenRequest seen)
    {
        try
        {
            return seen.Body.Length == 0 ? null : JsonNode.Parse(seen.Body);
        }
        catch (System.Text.Json.JsonException)
        {
            return null; // YAML of an apply
        }
    }

    private static string Written(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private async Task TellAsync(Uri door)
    {
        try
        {
            while (await waiting.Reader.WaitToReadAsync(stop.Token))
            {
                await Task.Delay(Together, TimeProvider.System, stop.Token);
                var items = new JsonArray();
                while (items.Count < 400 && waiting.Reader.TryRead(out var one))
                {
                    items.Add(one);
                }

                await TellAsync(door, new JsonObject { ["kind"] = "EventList", ["apiVersion"] = "audit.k8s.io/v1", ["metadata"] = new JsonObject(), ["items"] = items }.ToJsonString());
            }
        }
        catch (OperationCanceledException)
        {
            // The world ends.
        }
    }

    private async Task TellAsync(Uri door, string batch)
    {
        for (var tries = 1; tries <= MostTries; tries++)
        {
            try
            {
                using var content = new StringContent(batch, Encoding.UTF8, "application/json");
                using var answer = await client.PostAsync(door, content, stop.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Nobody is there yet, or any more.
            }

            await Task.Delay(Together * tries, TimeProvider.System, stop.Token);
        }
    }
}
