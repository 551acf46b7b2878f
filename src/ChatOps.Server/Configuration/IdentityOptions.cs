using ChatOps.Core.People;

namespace ChatOps.Server.Configuration;

/// <summary>Section <c>Identity</c>: who is who. Whoever is not here neither asks nor votes.</summary>
public sealed class IdentityOptions
{
    /// <summary>One entry for each human, with all their accounts.</summary>
    public List<PersonOptions> People { get; init; } = [];

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

    public Person ToPerson() => new(Name, [.. Accounts()])
    {
        DisplayName = string.IsNullOrWhiteSpace(DisplayName) ? Name : DisplayName,
        KubernetesUser = KubernetesUser,
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
