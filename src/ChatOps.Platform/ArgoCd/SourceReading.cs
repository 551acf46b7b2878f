using System.Globalization;
using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>The sources of an Application, by the path of each; and of what else carries sources in the same order. Pure.</summary>
internal static class SourceReading
{
    private const string Revision = "targetRevision";

    public static IReadOnlyList<SourceFacts> Facts(ApplicationJson application, Surroundings around)
    {
        var spec = application.Raw.At("spec");
        if (spec.At("sourceHydrator", "drySource") is { IsObject: true } dry)
        {
            return
            [
                Hydrated(application, dry, "drySource", Revision, dry),
                Hydrated(application, dry, "syncSource", "targetBranch", spec.At("sourceHydrator", "syncSource")),
            ];
        }

        return [.. In(spec).Select((source, at) => new SourceFacts(source.Json.Text("repoURL") ?? "", KindOf(source.Json), At(source.Path, source.Json), ProjectSources.Allow(source.Json.Text("repoURL") ?? "", around.Projects, around.UnreadProjects))
        {
            Compared = ComparedWith(application, source.Path) is { } then && SameRevision(then, source.Json) ? CommitOf(application.Raw.At("status", "sync"), source.Path) : null,
            Hand = Owners.HandOf(application, source.Path.EndsWith("/source", StringComparison.Ordinal)
                ? ManagedFields.LastWriterOf(application.Raw, "spec", "source", Revision)
                : ManagedFields.LastWriterOf(application.Raw, "spec", "sources")),
        })];
    }

    /// <summary>What is rendered, and the branch that the rendering is followed from.</summary>
    private static SourceFacts Hydrated(ApplicationJson application, JsonElement dry, string part, string field, JsonElement source) =>
        new(dry.Text("repoURL") ?? "", SourceKind.Hydrated, new($"/spec/sourceHydrator/{part}/{field}", CanonicalJson.Of(source.At(field)), null), null)
        {
            Hand = Owners.HandOf(application, ManagedFields.LastWriterOf(application.Raw, "spec", "sourceHydrator", part, field)),
        };

    /// <summary>All sources that a spec, a comparison or an entry of the history has.</summary>
    public static IEnumerable<(string Path, JsonElement Json)> In(JsonElement holder)
    {
        var several = holder.Items("sources").ToList();
        return several.Count > 0 ? several.Select((source, at) => ($"/spec/sources/{at}", source)) : [("/spec/source", holder.At("source"))];
    }

    /// <summary>What is at the target revision of the source whose revision is at that path; absent where there is no such source.</summary>
    public static string? FollowedAt(ApplicationJson application, HeldSource held) =>
        In(application.Raw.At("spec")).FirstOrDefault(source => $"{source.Path}/{Revision}" == held.Before.Path && source.Json.Text("repoURL") == held.Repository) is { Path: not null } found
            ? CanonicalJson.Of(found.Json.At(Revision)) ?? ""
            : null;

    public static bool ArePinned(ApplicationJson application, HeldBranch held) => held.Sources.All(source => FollowedAt(application, source) == held.Pinned);

    /// <summary>Whether the last comparison was with the commit that every switched source is pinned to.</summary>
    public static bool AreCompared(ApplicationJson application, HeldBranch held) =>
        held.Sources.All(source => ComparedWith(application, SourceOf(source)) is { } then && then.Text(Revision) == held.Commit);

    /// <summary>Whether what the holder (a status or a result of an operation) says of revisions is that commit, for every switched source.</summary>
    public static bool AreAt(JsonElement holder, HeldBranch held) => held.Sources.All(source => CommitOf(holder, SourceOf(source)) == held.Commit);

    public static string? WriterOf(ApplicationJson application, HeldBranch held) => (held.Sources.Any(source => SourceOf(source) == "/spec/source")
        ? ManagedFields.LastWriterOf(application.Raw, "spec", "source", Revision)
        : ManagedFields.LastWriterOf(application.Raw, "spec", "sources"))?.Manager;

    private static string SourceOf(HeldSource held) => held.Before.Path[..^(Revision.Length + 1)];

    private static JsonValueAt At(string path, JsonElement source) => new($"{path}/{Revision}", CanonicalJson.Of(source.At(Revision)), null);

    private static JsonElement? ComparedWith(ApplicationJson application, string path) =>
        In(application.Raw.At("status", "sync", "comparedTo")).FirstOrDefault(source => source.Path == path) is { Path: not null, Json.IsObject: true } found ? found.Json : null;

    private static bool SameRevision(JsonElement one, JsonElement other) => (one.Text(Revision) ?? "") == (other.Text(Revision) ?? "");

    private static string? CommitOf(JsonElement holder, string path)
    {
        var commit = path.StartsWith("/spec/sources/", StringComparison.Ordinal)
            ? holder.Texts("revisions").ElementAtOrDefault(int.Parse(path["/spec/sources/".Length..], CultureInfo.InvariantCulture))
            : holder.Text("revision");
        return commit is not null && Commits.IsWhole(commit) ? commit : null;
    }

    private static SourceKind KindOf(JsonElement source) =>
        source.Text("repoURL")?.StartsWith("oci://", StringComparison.Ordinal) == true ? SourceKind.Oci
        : source.Text("chart") is { Length: > 0 } ? SourceKind.Chart
        : SourceKind.Git;
}
