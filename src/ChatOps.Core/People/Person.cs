namespace ChatOps.Core.People;

/// <summary>
/// One human with all their accounts, as the configuration maps them. Only a mapped person requests or votes,
/// and has one vote, however many accounts they have.
/// </summary>
public sealed record Person(string Name, IReadOnlyList<ChatAccount> Accounts)
{
    /// <summary>What people read. Falls back to <see cref="Name"/>, the key of the configuration.</summary>
    public string DisplayName { get; init; } = Name;

    /// <summary>By what they are known to be who they are; the weaker one where their accounts and their name in the clusters come from two places.</summary>
    public Recognition KnownBy { get; init; } = Recognition.Configured;

    /// <summary>Name in the clusters' RBAC; travels as <c>chatops-user</c> in the audit log.</summary>
    public string? KubernetesUser { get; init; }

    /// <summary>Groups that the identity source gives them in the clusters; what somebody may do by a group that is not here is not known.</summary>
    public IReadOnlyList<string> KubernetesGroups { get; init; } = [];

    /// <summary>What Argo CD knows them by: the value of their sign-in that it matches with a project role's groups. Theirs alone; never guessed.</summary>
    public string? ArgoCdUser { get; init; }

    public string? GitHubLogin { get; init; }

    /// <summary>IANA time zone; wins over what the chat profile says.</summary>
    public string? TimeZone { get; init; }

    public bool Owns(ChatAccount account) => Accounts.Contains(account);

    public ChatAccount? AccountOn(ChatPlatform platform) =>
        Accounts.Where(account => account.Platform == platform).Cast<ChatAccount?>().FirstOrDefault();
}
