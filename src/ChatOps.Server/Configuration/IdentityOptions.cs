using ChatOps.Core.People;

namespace ChatOps.Server.Configuration;

/// <summary>Section <c>Identity</c>: who is who. Whoever is not here neither asks nor votes.</summary>
public sealed class IdentityOptions
{
    public List<PersonOptions> People { get; init; } = [];

    /// <summary>Call only when <see cref="IdentityCheck"/> found nothing.</summary>
    public Register ToRegister() => new(People.Select(person => person.ToPerson()));
}

/// <summary>One human, as written in the configuration.</summary>
public sealed class PersonOptions
{
    public string Name { get; set; } = "";

    public string? DisplayName { get; set; }

    public SlackAccountOptions? Slack { get; set; }

    public TeamsAccountOptions? Teams { get; set; }

    public string? KubernetesUser { get; set; }

    /// <summary>Groups the identity provider gives them in the clusters; said here, never guessed.</summary>
    public List<string> KubernetesGroups { get; init; } = [];

    public string? GitHubLogin { get; set; }

    public string? TimeZone { get; set; }

    public Person ToPerson() => new(Name, [.. Accounts()])
    {
        DisplayName = string.IsNullOrWhiteSpace(DisplayName) ? Name : DisplayName,
        KubernetesUser = KubernetesUser,
        KubernetesGroups = KubernetesGroups,
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
    public string Team { get; set; } = "";

    public string User { get; set; } = "";
}

public sealed class TeamsAccountOptions
{
    public string Tenant { get; set; } = "";

    public string ObjectId { get; set; } = "";
}
