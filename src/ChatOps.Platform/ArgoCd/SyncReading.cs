using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>What decides about operations, out of an Application; pure.</summary>
internal static class SyncReading
{
    public static readonly string[] SourceFields = ["source", "sources", "sourceHydrator"];

    public static SyncFacts Facts(ApplicationJson application, Surroundings around, bool cannotRender, DateTimeOffset now)
    {
        var several = application.Raw.Texts("status", "sync", "revisions").ToList();
        var one = application.Raw.Text("status", "sync", "revision");
        return new()
        {
            SyncOptions = [.. application.Raw.Texts("spec", "syncPolicy", "syncOptions")],
            Source = Source(application),
            SeveralSources = application.Raw.Items("spec", "sources").Any(),
            Revisions = cannotRender ? [] : several.Count > 0 ? several : one is { Length: > 0 } ? [one] : [],
            Resources = [.. application.Raw.Items("status", "resources").Select(Resource)],
            History = [.. application.Raw.Items("status", "history").Select(Past).OfType<PastDeployment>().OrderByDescending(past => past.Id)],
            BlockedByWindow = SyncWindows.BlocksOperations(application, around.Projects, now),
            Hooks = [.. application.OperationState.Items("syncResult", "resources").Where(result => result.Text("hookType") is not null).Select(result => $"{result.Text("hookType")} {result.Text("kind")}/{result.Text("name")}")],
        };
    }

    /// <summary>A hash, because Helm parameters are in it, and a record needs only to know it again.</summary>
    public static string Source(ApplicationJson application)
    {
        var parts = SourceFields.Select(field => CanonicalJson.Of(application.Raw.At("spec", field)) ?? "");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
    }

    private static ManagedResource Resource(JsonElement resource) =>
        new(resource.Text("group") ?? "", resource.Text("kind") ?? "", resource.Text("namespace") ?? "", resource.Text("name") ?? "");

    // An entry of several sources carries an empty single source beside them, which must never be sent back.
    private static PastDeployment? Past(JsonElement entry)
    {
        var revisions = entry.Texts("revisions").ToList();
        var several = revisions.Count > 0;
        var source = entry.At(several ? "sources" : "source");
        return entry.Number("id") is { } id && (several || entry.Text("revision") is { Length: > 0 })
            ? new(id, several ? revisions : [entry.Text("revision")!], entry.Time("deployedAt"), source.IsAbsent ? null : source.GetRawText(), several)
            : null;
    }
}
