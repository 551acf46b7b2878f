using System.Text.Json.Nodes;

namespace ChatOps.Platform.Kubernetes;

/// <summary>What somebody may or may not do, in the words of RBAC.</summary>
public sealed record AccessQuestion(string Verb, string Group, string Resource)
{
    public string? Namespace { get; init; }

    public string? Name { get; init; }

    public string? Subresource { get; init; }

    public static AccessQuestion PatchApplication(string ns, string name) =>
        new("patch", "argoproj.io", "applications") { Namespace = ns, Name = name };

    public static AccessQuestion PatchSet(string ns, string name) =>
        new("patch", "argoproj.io", "applicationsets") { Namespace = ns, Name = name };

    public static AccessQuestion PatchProject(string ns, string name) =>
        new("patch", "argoproj.io", "appprojects") { Namespace = ns, Name = name };
}

/// <summary>Asks the API server itself what RBAC says, for the bot or for a user that the bot acts as.</summary>
public static class AccessReviews
{
    private const string Root = "apis/authorization.k8s.io/v1";

    /// <summary>Null when it cannot be asked.</summary>
    public static Task<bool?> MayAsync(ClusterApi cluster, string user, AccessQuestion question, CancellationToken ct) => MayAsync(cluster, user, [], question, ct);

    /// <param name="groups">Those that the identity source says, beside the one that everybody is in.</param>
    public static async Task<bool?> MayAsync(ClusterApi cluster, string user, IReadOnlyList<string> groups, AccessQuestion question, CancellationToken ct) =>
        Verdict(await cluster.AskAsync($"{Root}/subjectaccessreviews", Body("SubjectAccessReview", question, user, groups), null, ct));

    public static async Task<bool?> MayBotAsync(ClusterApi cluster, AccessQuestion question, CancellationToken ct) =>
        Verdict(await cluster.AskAsync($"{Root}/selfsubjectaccessreviews", Body("SelfSubjectAccessReview", question, null, []), null, ct));

    private static bool? Verdict(ApiReply reply) => reply.IsOk ? reply.Body.Flag("status", "allowed") : null;

    private static string Body(string kind, AccessQuestion question, string? user, IReadOnlyList<string> groups)
    {
        var spec = new JsonObject
        {
            ["resourceAttributes"] = new JsonObject
            {
                ["verb"] = question.Verb,
                ["group"] = question.Group,
                ["resource"] = question.Resource,
                ["subresource"] = question.Subresource ?? "",
                ["namespace"] = question.Namespace ?? "",
                ["name"] = question.Name ?? "",
            },
        };
        if (user is not null)
        {
            spec["user"] = user;
            spec["groups"] = new JsonArray(["system:authenticated", .. groups.Select(group => (JsonNode)group)]); // as impersonation would have it
        }

        return new JsonObject { ["apiVersion"] = "authorization.k8s.io/v1", ["kind"] = kind, ["spec"] = spec }.ToJsonString();
    }
}
