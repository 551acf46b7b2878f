using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Alerts;

/// <summary>What Alertmanager would post, written by hand, so that it can be forged, repeated and bent.</summary>
internal sealed class Webhook(Uri product) : IDisposable
{
    public const string Token = "alertmanager-says-so-0123456789";

    private readonly HttpClient client = new() { BaseAddress = product };

    public static (string Key, string? Value)[] Settings =>
    [
        ("Alertmanager:Token", Token),
        ("Alertmanager:Applications:0:Labels:service", "payments-*"),
        ("Alertmanager:Applications:0:Application", "payments"),
        ("Channels:0:Applications:0", "pay*"),
        ("Channels:0:Slack", Sandbox.Slack.Model.SampleWorkspace.GeneralChannel),
    ];

    public static Webhook Of(ScenarioWorld world) => new(world.Product.Url);

    public static JsonObject Alert(string name, DateTimeOffset since, string application = "checkout", DateTimeOffset? ended = null, string severity = "critical") => new()
    {
        ["status"] = ended is null ? "firing" : "resolved",
        ["labels"] = new JsonObject { ["alertname"] = name, ["severity"] = severity, ["application"] = application },
        ["annotations"] = new JsonObject { ["summary"] = "12 % of requests fail" },
        ["startsAt"] = since.ToString("o"),
        ["endsAt"] = ended?.ToString("o") ?? "0001-01-01T00:00:00Z",
        ["generatorURL"] = "https://prometheus.example.com/graph",
        ["fingerprint"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(name + application)).AsSpan(0, 8)),
    };

    public async Task<int> PostAsync(params JsonObject[] alerts) =>
        await PostAsync(new JsonObject { ["version"] = "4", ["alerts"] = new JsonArray([.. alerts.Select(alert => alert.DeepClone())]) }.ToJsonString(), $"Bearer {Token}");

    public async Task<int> PostAsync(string body, string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/alertmanager") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (authorization is not null)
        {
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization);
        }

        using var answer = await client.SendAsync(request);
        return (int)answer.StatusCode;
    }

    public void Dispose() => client.Dispose();
}
