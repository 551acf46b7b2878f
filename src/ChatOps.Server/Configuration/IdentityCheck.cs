using System.Text.RegularExpressions;
using ChatOps.Core;
using ChatOps.Core.Grants;

namespace ChatOps.Server.Configuration;

/// <summary>Everything that is wrong with <c>Identity:People</c>, at once.</summary>
public static partial class IdentityCheck
{
    public static IEnumerable<Finding> Faults(IdentityOptions identity)
    {
        if (identity.People.Count == 0 && identity.PeopleFile.Length == 0)
        {
            yield return Wrong("Identity:People is empty", "Map at least the people on call, here or in the file of Identity:PeopleFile: without it nobody can ask for anything.");
        }

        foreach (var finding in Each(identity.People, "Identity:People:").Concat(Together(identity.People, "Identity:People")).Concat(OfEmail(identity.Email)))
        {
            yield return finding;
        }
    }

    /// <summary>What is wrong with the people of the mapping file, by themselves and beside those of the configuration.</summary>
    public static IEnumerable<Finding> Faults(IReadOnlyList<PersonOptions> configured, IReadOnlyList<PersonOptions> inFile, string file) =>
        Each(inFile, $"{file}, entry ").Concat(Together([.. configured, .. inFile], $"{file} and Identity:People"));

    private static IEnumerable<Finding> Each(IReadOnlyList<PersonOptions> people, string where) =>
        people.Index().SelectMany(one => Of(one.Item, $"{where}{one.Index}" + (one.Item.Name.Length > 0 ? $" ({one.Item.Name})" : "")));

    private static IEnumerable<Finding> OfEmail(EmailOptions? email)
    {
        if (email is null)
        {
            yield break;
        }

        if (email.Domains.Count == 0 || email.Domains.Exists(domain => !Domain().IsMatch(domain)))
        {
            yield return Wrong("Identity:Email:Domains does not say whose addresses count", "Name each domain exactly, such as example.com: an address of any other tells nothing. Or leave Identity:Email out.");
        }

        if (!email.KubernetesUser.Contains("{email}", StringComparison.Ordinal) && !email.KubernetesUser.Contains("{name}", StringComparison.Ordinal))
        {
            yield return Wrong($"Identity:Email:KubernetesUser “{email.KubernetesUser}” is the same user for everybody", "Use {email} or {name} in it, as the cluster's authentication names people.");
        }
        else if (!email.KubernetesUser.Contains("{email}", StringComparison.Ordinal) && email.Domains.Count > 1)
        {
            yield return Wrong($"Identity:Email:KubernetesUser “{email.KubernetesUser}” is the same user for people of several domains", "Use {email} in it, or keep one domain.");
        }
        else if (email.KubernetesUser.StartsWith("system:", StringComparison.Ordinal) || email.KubernetesUser.StartsWith("chatops:", StringComparison.Ordinal))
        {
            yield return Wrong($"Identity:Email:KubernetesUser “{email.KubernetesUser}” is not a person", "Name the user as the cluster's authentication names them.");
        }
    }

    private static IEnumerable<Finding> Together(IReadOnlyList<PersonOptions> people, string where)
    {
        foreach (var finding in Twice(people, where, "the name", person => [person.Name.ToUpperInvariant()], "Give each person a name of their own; case does not count.")
            .Concat(Twice(people, where, "the account", person => person.Accounts().Select(account => account.ToString()), "One account is one person: remove it from the others."))
            .Concat(Twice(people, where, "the Kubernetes user", person => [person.KubernetesUser ?? ""], "The audit log must name one person: give each their own."))
            .Concat(Twice(people, where, "the Argo CD user", person => [person.ArgoCdUser ?? ""], "Access is for one person: give each their own, never a group."))
            .Concat(Twice(people, where, "the GitHub login", person => [person.GitHubLogin?.ToUpperInvariant() ?? ""], "One login is one person: remove it from the others.")))
        {
            yield return finding;
        }
    }

    private static IEnumerable<Finding> Of(PersonOptions person, string where)
    {
        if (!Names().IsMatch(person.Name))
        {
            yield return Wrong($"{where}:Name “{person.Name}” is not a name", "Use letters, digits, dot, dash or underscore, as people will type it after @.");
        }

        if (person.Slack is null && person.Teams is null)
        {
            yield return Wrong($"{where} has no chat account", "Set Slack:Team and Slack:User, or Teams:Tenant and Teams:ObjectId.");
        }

        if (person.Slack is { } slack && !(SlackTeam().IsMatch(slack.Team) && SlackUser().IsMatch(slack.User)))
        {
            yield return Wrong($"{where}:Slack is not a pair of ids", "Team is like T012AB3C4, User like U012AB3C4: in Slack, profile → ⋮ → Copy member ID. Names do not work: people can change them.");
        }

        if (person.Teams is { } teams && !(Guid.TryParseExact(teams.Tenant, "D", out _) && Guid.TryParseExact(teams.ObjectId, "D", out _)))
        {
            yield return Wrong($"{where}:Teams is not a pair of ids", "Tenant and ObjectId are GUIDs: in Entra ID, the user's Object ID and the directory's Tenant ID.");
        }

        if (person.KubernetesUser is { } user && user.StartsWith("system:", StringComparison.Ordinal))
        {
            yield return Wrong($"{where}:KubernetesUser “{user}” is not a person", "Name the user as the cluster's authentication names them; system: is Kubernetes' own.");
        }

        if (person.ArgoCdUser is { Length: > 0 } inArgoCd && !GrantSubject.IsAPerson(inArgoCd, GrantKind.ArgoCdRole))
        {
            yield return Wrong($"{where}:ArgoCdUser “{inArgoCd}” is not a person", "Set the value of their sign-in that Argo CD matches with groups: their sub, or an e-mail address. role: and proj: are Argo CD's own; commas, quotes, stars and spaces would change the policy's meaning.");
        }

        if (person.TimeZone is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            yield return Wrong($"{where}:TimeZone “{zone}” is not known", "Use an IANA name like Europe/Berlin.");
        }
    }

    private static IEnumerable<Finding> Twice(IReadOnlyList<PersonOptions> people, string where, string what, Func<PersonOptions, IEnumerable<string>> values, string fix) =>
        people
            .SelectMany(person => values(person).Where(value => value.Length > 0).Distinct(), (person, value) => (person.Name, Value: value))
            .GroupBy(pair => pair.Value, pair => pair.Name, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => Wrong($"{where}: {string.Join(" and ", group)} have {what} {group.Key}", fix));

    private static Finding Wrong(string what, string fix) => new(false, what, fix);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Names();

    [GeneratedRegex("^[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Domain();

    [GeneratedRegex("^[TE][A-Z0-9]+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SlackTeam();

    [GeneratedRegex("^[UW][A-Z0-9]+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SlackUser();
}
