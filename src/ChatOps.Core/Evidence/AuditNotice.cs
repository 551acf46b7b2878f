namespace ChatOps.Core.Evidence;

/// <summary>Which moment of a request an audit event tells of.</summary>
public enum AuditStage
{
    /// <summary>It is allowed and goes on: only requests that stay open have this.</summary>
    Began,

    /// <summary>It is over.</summary>
    Complete,
}

/// <summary>One audit event as an API server told it, understood but not yet judged.</summary>
/// <param name="Request">
/// Names the request that it is about. Whoever makes a request chooses its audit id, so that this is made of the moment and
/// the address too: nobody hides a change by giving it the id of another.
/// </param>
/// <param name="At">When the API server received the request.</param>
/// <param name="StageAt">When this moment of it was.</param>
/// <param name="User">Who authenticated.</param>
/// <param name="As">Whom they acted as; null for themselves.</param>
/// <param name="Fields">What the request changes, in some words, with nothing secret in it.</param>
public sealed record AuditNotice(
    string Request, AuditStage Stage, DateTimeOffset At, DateTimeOffset StageAt, string User, string? As, string Verb, DeedObject Target, int Code, bool IsDryRun, IReadOnlyList<string> Fields)
{
    /// <summary>Whose rights counted.</summary>
    public string Actor => As ?? User;

    /// <summary>The same for every delivery of this event, and for no other event.</summary>
    public string Key => Stage == AuditStage.Began ? $"{Request}+" : Request;
}

/// <summary>What a request is about, in the API server's words. No name where all of a kind are meant, or the server was to make one.</summary>
public sealed record DeedObject(string Group, string Resource, string? Subresource, string? Namespace, string? Name)
{
    public string Kind => Group.Length == 0 ? Resource : $"{Resource}.{Group}";

    /// <summary>"deployments.apps/checkout" or "pods/exec of checkout-1".</summary>
    public override string ToString() => (Subresource, Name) switch
    {
        (null, null) => Kind,
        (null, var name) => $"{Kind}/{name}",
        (var part, null) => $"{Kind}/{part}",
        var (part, name) => $"{Kind}/{name}/{part}",
    };
}
