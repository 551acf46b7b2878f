using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Grants;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>What objects of ours carry: enough to end them without the books, by us or by the janitor.</summary>
public static class GrantMarks
{
    public const string ManagedBy = "app.kubernetes.io/managed-by";
    public const string Us = "chatops";
    public const string Grant = "chatops.dev/grant";
    public const string Incident = "chatops.dev/incident";
    public const string ExpiresAt = "chatops.dev/expires-at";

    public static string Selector => $"{ManagedBy}={Us},{Grant}";

    /// <summary>The one form: whole seconds of UTC, so that a shell can compare it as text.</summary>
    public static string Written(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    internal static JsonObject Metadata(Grant grant, string ns)
    {
        var metadata = Metadata(grant);
        metadata["namespace"] = ns;
        return metadata;
    }

    /// <summary>Of what lives in no namespace.</summary>
    internal static JsonObject Metadata(Grant grant) => new()
    {
        ["name"] = grant.ObjectName,
        ["labels"] = new JsonObject
        {
            [ManagedBy] = Us,
            [Grant] = grant.Id.ToString("N"),
            [Incident] = grant.Incident.ToString(CultureInfo.InvariantCulture),
        },
        ["annotations"] = new JsonObject { [ExpiresAt] = Written(grant.EndsAt) },
    };

    /// <summary>A deletion can be taken and the object stay, and let people in, for as long as somebody's finalizer is on it.</summary>
    internal static ClusterAnswer Deleted(ApiReply reply, Attempt attempt)
    {
        var answer = ClusterAnswers.Of(reply, attempt);
        return answer.IsOk && reply.Body.Texts("metadata", "finalizers").ToList() is { Count: > 0 } keepers
            ? new(ClusterAnswerKind.Moved, $"{attempt.What} in {attempt.Where} is deleted and kept by {string.Join(", ", keepers)}, so it lets people in still: take that finalizer off")
            : answer;
    }

    internal static FoundGrant Read(JsonElement binding, string cluster)
    {
        var kind = binding.Text("metadata", "namespace") is not { Length: > 0 } ? GrantKind.ClusterRoleBinding
            : binding.Items("subjects").Any(subject => subject.Text("kind") == "ServiceAccount") ? GrantKind.ServiceAccount
            : GrantKind.RoleBinding;
        return Found(binding, kind, cluster, string.Join(", ", binding.Items("subjects").Select(Who))) with { Allows = Allows(binding.Text("roleRef", "kind"), binding.Text("roleRef", "name")) };
    }

    internal static FoundGrant ReadAccount(JsonElement account, string cluster) =>
        Found(account, GrantKind.ServiceAccount, cluster, $"system:serviceaccount:{account.Text("metadata", "namespace")}:{account.Text("metadata", "name")}") with { Allows = null };

    private static FoundGrant Found(JsonElement it, GrantKind kind, string cluster, string subject) => new(
        kind,
        cluster,
        it.Text("metadata", "namespace") ?? "",
        it.Text("metadata", "name") ?? "",
        Guid.TryParseExact(it.Text("metadata", "labels", Grant), "N", out var grant) ? grant : null,
        int.TryParse(it.Text("metadata", "labels", Incident), NumberStyles.None, CultureInfo.InvariantCulture, out var incident) ? incident : null,
        it.Time("metadata", "annotations", ExpiresAt),
        subject)
    {
        Uid = it.Text("metadata", "uid"),
    };

    internal static string Allows(string? kind, string? role) => $"{kind} {role}";

    /// <summary>A group of somebody's name is not that person.</summary>
    private static string Who(JsonElement subject) => subject.Text("kind") switch
    {
        "User" => subject.Text("name") ?? "?",
        "ServiceAccount" => $"system:serviceaccount:{subject.Text("namespace")}:{subject.Text("name")}",
        var kind => $"{kind} {subject.Text("name")}",
    };
}
