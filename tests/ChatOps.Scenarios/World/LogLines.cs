using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack;

namespace ChatOps.Scenarios.World;

/// <summary>What the product wrote into its log in a whole story.</summary>
internal sealed class LogLines
{
    private readonly IReadOnlyList<string> all;

    private LogLines(IReadOnlyList<string> all) => this.all = all;

    public int Count => all.Count;

    public IReadOnlyList<string> NotJson => [.. all.Where(line => !IsObject(line))];

    public static LogLines Read(string file) => new([.. File.ReadLines(file).Where(line => line.Length > 0)]);

    /// <summary>The credentials of the app, and all that Slack handed out with what was delivered: whoever has one may use it.</summary>
    public static IReadOnlyList<string> SecretsOf(SimulatedSlack slack)
    {
        var handedOut = slack.Deliveries.SelectMany(delivery => Values(delivery.Payload)).ToList();
        Assert.NotEmpty(handedOut);
        return [slack.Options.BotToken, slack.Options.SigningSecret, slack.Options.AppToken, .. handedOut.Distinct()];
    }

    /// <summary>The lines that hold one of them. A response URL is known by the secret at its end, however its host is written.</summary>
    public IReadOnlyList<string> Telling(IReadOnlyList<string> secrets)
    {
        Assert.True(all.Count > 0, "nothing was logged, so this proves nothing");
        var parts = secrets.Select(secret => secret[(secret.LastIndexOf('/') + 1)..]).ToList();
        Assert.All(parts, part => Assert.True(part.Length > 8, $"\"{part}\" is too short to be a secret"));
        return [.. all.Where(line => parts.Any(part => line.Contains(part, StringComparison.Ordinal)))];
    }

    private static IEnumerable<string> Values(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => field.Key is "trigger_id" or "response_url" && field.Value is JsonValue value ? [(string)value!] : Values(field.Value)),
        JsonArray items => items.SelectMany(Values),
        _ => [],
    };

    private static bool IsObject(string line)
    {
        try
        {
            return JsonNode.Parse(line) is JsonObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
