using System.Text.Json;
using System.Text.RegularExpressions;
using ChatOps.Platform.ArgoCd.Diffs;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// What Argo CD says, as it may be repeated in a chat and a record. It quotes commands, addresses and the objects that an
/// API server refused, with whatever secret is in them.
/// </summary>
internal static partial class EngineWords
{
    private const string OfASecret = "(the rest is about a Secret; it is not said here)";

    /// <summary>The <c>message</c> of a condition, an operation's state or an answer; null when there is none.</summary>
    public static string? Of(JsonElement said) => said.Text("message") is { Length: > 0 } message ? Of(message) : null;

    public static string Of(string message)
    {
        var covered = SecretRun().Replace(Masking.Covered(message), Masking.Masked);
        return SecretKind().Match(covered) is { Success: true } match ? $"{covered[..match.Index]}{OfASecret}" : covered;
    }

    /// <summary>What became of one resource of a sync.</summary>
    public static string OfResource(JsonElement resource, string otherwise) => resource.Text("kind") == "Secret" ? "failed, and why is not said here, since it is a Secret" : Of(resource) ?? otherwise;

    /// <summary>What looks like a secret wherever it stands, with no name before it that says so.</summary>
    [GeneratedRegex(@"Bearer\s+\S+|\beyJ[\w-]{10,}[\w.-]*|\b(xox[abprs]-|gh[pousr]_|github_pat_|glpat-)[\w-]{8,}|\bAKIA\w{8,}|\B--?(password|token)[ =]\S+|-----BEGIN[\s\S]*", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking, 1000)]
    private static partial Regex SecretRun();

    /// <summary>The kind itself, at the head of what an API server says of such an object; a SecretStore is none.</summary>
    [GeneratedRegex(@"\bSecret\b(?=[/ "".:,)]|$)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SecretKind();
}
