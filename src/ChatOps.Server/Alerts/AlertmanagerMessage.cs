using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using ChatOps.Core.Alerts;

namespace ChatOps.Server.Alerts;

/// <summary>What Alertmanager posts to a webhook, version 4, as far as it is read here.</summary>
internal sealed partial record AlertmanagerMessage(string? Version, IReadOnlyList<AlertmanagerMessage.Entry>? Alerts)
{
    private const int MostAlerts = 2000;
    private const int MostLabels = 100;
    private const int LongestWords = 300;
    private static readonly string[] Sentences = ["summary", "description", "message"];
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.Strict };

    /// <summary>Null when it is not such a message; half of one is not believed.</summary>
    public static IReadOnlyList<AlertNotice>? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            var message = JsonSerializer.Deserialize<AlertmanagerMessage>(body.Span, Options);
            if (message is not { Version: "4", Alerts: { Count: <= MostAlerts } alerts })
            {
                return null;
            }

            var notices = alerts.Select(alert => alert?.ToNotice()).ToList();
            return notices.TrueForAll(notice => notice is not null) ? [.. notices.OfType<AlertNotice>()] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\A[0-9a-f]{16}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Fingerprints();

    internal sealed record Entry(
        string? Status, Dictionary<string, string>? Labels, Dictionary<string, string>? Annotations, DateTimeOffset StartsAt, DateTimeOffset EndsAt, [property: JsonPropertyName("generatorURL")] string? GeneratorUrl, string? Fingerprint)
    {
        public AlertNotice? ToNotice()
        {
            AlertState? state = Status switch
            {
                "firing" => AlertState.Firing,
                "resolved" => AlertState.Resolved,
                _ => null,
            };
            if (state is not { } known || Labels is not { Count: <= MostLabels } || Fingerprint is null || !Fingerprints().IsMatch(Fingerprint) || StartsAt.Year < 2000)
            {
                return null;
            }

            // An alert that fires has no end yet, which Alertmanager writes as the year 1.
            return new(Fingerprint, known, Whole(StartsAt), EndsAt.Year < 2000 ? null : Whole(EndsAt), Labels.ToDictionary(label => label.Key, label => Short(label.Value)), Words(), Address());
        }

        private string Words()
        {
            var said = Sentences.Select(name => Annotations?.GetValueOrDefault(name)).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));
            return Short(said ?? "it does not say more");
        }

        private Uri? Address() => Uri.TryCreate(GeneratorUrl, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && GeneratorUrl.Length <= 2000 ? address : null;

        private static string Short(string? words) => words switch
        {
            null => "",
            { Length: > LongestWords } => words[..LongestWords] + "…",
            _ => words,
        };

        private static DateTimeOffset Whole(DateTimeOffset moment) => DateTimeOffset.FromUnixTimeMilliseconds(moment.ToUnixTimeMilliseconds());
    }
}
