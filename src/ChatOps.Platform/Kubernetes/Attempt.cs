namespace ChatOps.Platform.Kubernetes;

/// <summary>What was tried, by whom, at what: what a sentence about a refusal must name.</summary>
/// <param name="Who">The Kubernetes user, or null for the bot itself.</param>
/// <param name="Verb">As in RBAC: get, list, watch, patch, create.</param>
/// <param name="What">As in RBAC: <c>applications/checkout</c>.</param>
public sealed record Attempt(string Cluster, string? Who, string Verb, string What, string? Namespace)
{
    public string Subject => Who ?? "the bot's own account";

    public string Where => Namespace is null ? $"cluster {Cluster}" : $"{Namespace} on cluster {Cluster}";

    public string Right => $"{Verb} {What} in {Where}";
}
