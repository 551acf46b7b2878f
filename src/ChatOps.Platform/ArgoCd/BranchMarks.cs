using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>What a switch to a branch leaves in our annotations: the branch, its commit, and what each source followed before.</summary>
internal static class BranchMarks
{
    public static IReadOnlyList<KeyValuePair<string, string>> Write(Operation operation, DateTimeOffset expiresAt) =>
    [
        new(Annotations.Incident, operation.Incident.ToString(CultureInfo.InvariantCulture)),
        new(Annotations.Operation, operation.Id.ToString()),
        new(Annotations.ExpiresAt, OverrideMarks.Moment(expiresAt)),
        new(Annotations.Before, Write(operation.Plan.Of<BranchWork>().To, operation.Authority.KubernetesUser)),
    ];

    public static HeldBranch? Read(JsonElement before)
    {
        var branch = before.At("branch");
        var sources = branch.Items("sources").Select(source => new HeldSource(source.Text("repository") ?? "", new(source.Text("path") ?? "", CanonicalJson.Of(source.At("value")), null))).ToList();
        return branch.Text("name") is { } name && branch.Text("commit") is { } commit && Commits.IsWhole(commit) && sources.Count > 0 && sources.All(source => IsRevision(source.Before.Path))
            ? new(branch.Text("repository") ?? "", name, commit, sources)
            : null;
    }

    /// <summary>Whoever can annotate an Application must not have us write anywhere else.</summary>
    private static bool IsRevision(string path) => path.Split('/') is ["", "spec", "source", "targetRevision"] or ["", "spec", "sources", [>= '0' and <= '9', ..], "targetRevision"]
        && path.All(character => char.IsAsciiLetterOrDigit(character) || character == '/');

    private static string Write(HeldBranch held, string user) => new JsonObject
    {
        ["path"] = held.Sources[0].Before.Path,
        ["by"] = user,
        ["branch"] = new JsonObject
        {
            ["repository"] = held.Repository,
            ["name"] = held.Branch,
            ["commit"] = held.Commit,
            ["sources"] = new JsonArray([.. held.Sources.Select(Write)]),
        },
    }.ToJsonString(JsonSerializerOptions.Default);

    // A key that is not there says "absent"; null says null.
    private static JsonObject Write(HeldSource source)
    {
        var written = new JsonObject { ["repository"] = source.Repository, ["path"] = source.Before.Path };
        if (source.Before.Json is { } value)
        {
            written["value"] = JsonNode.Parse(value);
        }

        return written;
    }
}
