using ChatOps.Core.People;

namespace ChatOps.Server.Configuration;

/// <summary>Section <c>Identity</c>: who is who. Whoever is not here neither asks nor votes.</summary>
public sealed class IdentityOptions
{
    /// <summary>One entry for each human, with all their accounts.</summary>
    public List<PersonOptions> People { get; init; } = [];

    /// <summary>A file with more of them: a JSON array of what stands in <c>People</c>, read again when it changes. Nobody is in both. A file that cannot be read or is not right leaves those of the last good one.</summary>
    public string PeopleFile { get; set; } = "";

    /// <summary>Who somebody without <c>KubernetesUser</c> is in the clusters, by their e-mail address in chat. Left out: nobody.</summary>
    public EmailOptions? Email { get; set; }

    /// <summary>Off unless the section is there.</summary>
    public EmailRule ToEmailRule() => Email is null ? EmailRule.Off : new(Email.Domains, Email.KubernetesUser);

    /// <summary>Call only when <see cref="IdentityCheck"/> found nothing.</summary>
    public Register ToRegister() => new(People.Select(person => person.ToPerson()));
}

/// <summary>One human, as written in the configuration.</summary>
public sealed class PersonOptions
{
    /// <summary>How the policy and the record name them.</summary>
    public string Name { get; set; } = "";

    /// <summary>How cards name them. Left out: the name.</summary>
    public string? DisplayName { get; set; }

    /// <summary>Their Slack account.</summary>
    public SlackAccountOptions? Slack { get; set; }

    /// <summary>Their Teams account; for what follows.</summary>
    public TeamsAccountOptions? Teams { get; set; }

    /// <summary>Exactly their name in the clusters: for access, and for the audit log.</summary>
    public string? KubernetesUser { get; set; }

    /// <summary>Groups the identity provider gives them in the clusters; said here, never guessed.</summary>
    public List<string> KubernetesGroups { get; init; } = [];

    /// <summary>Exactly the value of their sign-in that Argo CD matches with a project role's groups: their <c>sub</c>, or their e-mail address where <c>scopes</c> of <c>argocd-rbac-cm</c> has it. Never a group of several people.</summary>
    public string? ArgoCdUser { get; set; }

    /// <summary>Their account at GitHub.</summary>
    public string? GitHubLogin { get; set; }

    /// <summary>For pages, such as <c>Europe/Berlin</c>. Left out: UTC alone.</summary>
    public string? TimeZone { get; set; }

    public Person ToPerson(Recognition knownBy = Recognition.Configured) => new(Name, [.. Accounts()])
    {
        KnownBy = knownBy,
        DisplayName = string.IsNullOrWhiteSpace(DisplayName) ? Name : DisplayName,
        KubernetesUser = string.IsNullOrEmpty(KubernetesUser) ? null : KubernetesUser,
        KubernetesGroups = KubernetesGroups,
        ArgoCdUser = ArgoCdUser,
        GitHubLogin = GitHubLogin,
        TimeZone = TimeZone,
    };

    public IEnumerable<ChatAccount> Accounts()
    {
        if (Slack is not null)
        {
            yield return new(ChatPlatform.Slack, Slack.Team, Slack.User);
        }

        if (Teams is not null)
        {
            yield return new(ChatPlatform.Teams, Teams.Tenant, Teams.ObjectId);
        }
    }
}

/// <summary>
/// Only where an identity provider keeps the addresses of the chat system: elsewhere people change them themselves.
/// </summary>
public sealed class EmailOptions
{
    /// <summary>Of the addresses that count, each exactly, such as <c>example.com</c>.</summary>
    public List<string> Domains { get; init; } = [];

    /// <summary>Their name in the clusters: <c>{email}</c> is the address, <c>{name}</c> what stands before its @.</summary>
    public string KubernetesUser { get; set; } = "{email}";
}

public sealed class SlackAccountOptions
{
    /// <summary>The workspace, <c>T…</c>.</summary>
    public string Team { get; set; } = "";

    /// <summary>The member, <c>U…</c>.</summary>
    public string User { get; set; } = "";
}

public sealed class TeamsAccountOptions
{
    /// <summary>The tenant's id.</summary>
    public string Tenant { get; set; } = "";

    /// <summary>The object id of the account in it.</summary>
    public string ObjectId { get; set; } = "";
}
