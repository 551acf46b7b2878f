using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Troubles;

/// <summary>What the engine's messages mean to somebody who does not read them every day.</summary>
public static class FailureWords
{
    private const int Longest = 300;
    private const string Preamble = "one or more synchronization tasks completed unsuccessfully, reason: ";

    /// <summary>Looked at in this order; the first that is in the message says it.</summary>
    private static readonly (string InMessage, string Meaning)[] Known =
    [
        ("admission webhook", "an admission webhook said no"),
        ("ValidatingAdmissionPolicy", "an admission policy said no"),
        ("field is immutable", "a field cannot be changed on what is there already"),
        ("exceeded quota", "the quota of the namespace is used up"),
        ("is not permitted in project", "the project does not permit it"),
        ("no matches for kind", "the cluster does not know that kind: a CRD is missing"),
        ("could not find the requested resource", "the cluster does not know that kind: a CRD is missing"),
        ("blocked by sync window", "a sync window keeps it from starting"),
        ("is forbidden", "Argo CD may not do that there"),
        ("authentication required", "Argo CD has no access to the repository"),
        ("repository not found", "Argo CD has no access to the repository"),
        ("unable to resolve", "the branch or tag that it follows is not there"),
        ("app path does not exist", "the path is not in the repository"),
        ("connection refused", "the other side does not answer"),
        ("i/o timeout", "the other side does not answer"),
        ("context deadline exceeded", "it took too long"),
        ("Hook", "a hook failed"),
    ];

    /// <summary>Null where nobody has said it in plain words yet.</summary>
    public static string? MeaningOf(string message)
    {
        foreach (var (words, meaning) in Known)
        {
            if (message.Contains(words, StringComparison.OrdinalIgnoreCase))
            {
                return meaning;
            }
        }

        return message.Contains("namespaces \"", StringComparison.Ordinal) && message.Contains("not found", StringComparison.Ordinal) ? "the namespace is not there" : null;
    }

    /// <summary>The meaning, then the engine's own words, cut where they are long.</summary>
    public static string Of(string message)
    {
        var own = message.StartsWith(Preamble, StringComparison.Ordinal) ? message[Preamble.Length..] : message;
        own = own.Length > Longest ? own[..Longest] + " …" : own.Length == 0 ? "it does not say why" : own;
        return MeaningOf(message) is { } meaning ? $"{meaning} ({own.TrimEnd('.')})" : own.TrimEnd('.');
    }

    /// <summary>
    /// What went wrong at which resources. Of a Secret the engine's words are left out: they may hold what must not be
    /// said, and what it says of the whole operation repeats them.
    /// </summary>
    public static string Of(EndedOperation operation)
    {
        var resources = operation.Failed.Count == 0 ? "" : $" at {string.Join(", ", operation.Failed)}{(operation.MoreFailed > 0 ? $" and {operation.MoreFailed} more" : "")}";
        return operation.Failed.Any(IsSecret) || operation.Message.Contains("Secret", StringComparison.Ordinal)
            ? $"{MeaningOf(operation.Message) ?? "it failed"}{resources} (more is not said here, since it is about a Secret)"
            : $"{Of(operation.Message)}{(resources.Length > 0 ? $"; it failed{resources}" : "")}";
    }

    private static bool IsSecret(string resource) => resource.StartsWith("Secret/", StringComparison.Ordinal);
}
