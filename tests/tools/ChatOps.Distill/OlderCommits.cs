using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ChatOps.Distill;

/// <summary>
/// Commits before the recording began, which requests go back to. Their content was not recorded, and can be told from what
/// was deployed: the files as they were at the start, with the image that the Deployment then had.
/// </summary>
public sealed partial class OlderCommits
{
    private readonly Dictionary<string, string> repositories = new(StringComparer.Ordinal);
    private readonly string? tag;
    private readonly string? tagAtStart;

    public OlderCommits(Recording recording)
    {
        var requests = string.Concat(recording.Lines.Select(line => line["request"]?["body"]?.ToJsonString()));
        var app = recording.Lines.FirstOrDefault(line => line["watch"]?.GetValue<string>() == "applications")?["object"];
        var heads = recording.Lines.Select(line => line["git"]?["head"]?.GetValue<string>()).ToHashSet();
        foreach (var entry in app?["status"]?["history"]?.AsArray().OfType<JsonObject>() ?? [])
        {
            foreach (var (sha, source) in Deployed(entry).Where(deployed => !heads.Contains(deployed.Sha) && requests.Contains(deployed.Sha, StringComparison.Ordinal)))
            {
                repositories[sha] = source["repoURL"]!.GetValue<string>().Split('/')[^1].Replace(".git", "", StringComparison.Ordinal);
            }
        }

        var tags = recording.Lines.Where(line => line["watch"]?.GetValue<string>() == "deployments").Select(line => Tag().Match(line["object"]!["spec"]!["template"]!.ToJsonString()).Groups["tag"].Value).Distinct().ToList();
        (tagAtStart, tag) = (tags.FirstOrDefault(), tags.Skip(1).FirstOrDefault());
    }

    public string? In(string repository) => repositories.FirstOrDefault(entry => entry.Value == repository).Key;

    /// <summary>Before the start, of what is there at the start.</summary>
    public JsonObject Files(JsonObject atStart) => Replace(atStart, tagAtStart!, tag!);

    /// <summary>At the start, of what the first commit brings, where the start itself was not recorded.</summary>
    public JsonObject FilesBefore(JsonObject committed) => Replace(committed, tag!, tagAtStart!);

    private static JsonObject Replace(JsonObject files, string was, string isNow) => new(files.Select(file =>
        KeyValuePair.Create(file.Key, (JsonNode?)file.Value!.GetValue<string>().Replace(was, isNow, StringComparison.Ordinal))));

    private static IEnumerable<(string Sha, JsonNode Source)> Deployed(JsonObject entry) => entry["revisions"] is JsonArray several
        ? several.Zip(entry["sources"]!.AsArray(), (sha, source) => (sha!.GetValue<string>(), source!))
        : [(entry["revision"]!.GetValue<string>(), entry["source"]!)];

    [GeneratedRegex("\"image\":\"[^\"]+:(?<tag>[^\":]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tag();
}
