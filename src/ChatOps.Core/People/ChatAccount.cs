namespace ChatOps.Core.People;

/// <summary>The chat systems that one incident can live in at the same time.</summary>
public enum ChatPlatform
{
    Slack,
    Teams,
}

/// <summary>
/// One account in one chat system. <paramref name="Tenant"/> is Slack's team id or the Entra tenant,
/// <paramref name="UserId"/> the immutable id (never a display name, which its owner can edit).
/// </summary>
public readonly record struct ChatAccount(ChatPlatform Platform, string Tenant, string UserId)
{
    public override string ToString() => $"{Platform}:{Tenant}/{UserId}";
}
