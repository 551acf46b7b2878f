using System.Text.RegularExpressions;
using ChatOps.Core;
using ChatOps.Core.Grants;

namespace ChatOps.Server.Configuration;

/// <summary>Everything that is wrong with <c>Identity:People</c>, at once.</summary>
public static partial class IdentityCheck
{
    public static IEnumerable<Finding> Faults(IdentityOptions identity)
    {
        if (identity.People.Count == 0)
        {
            yield return Wrong("Identity:People is empty", "Map at least the people on call: without it nobody can ask for anything.");
        }

        foreach (var (index, person) in identity.People.Index())
        {
            var where = $"Identity:People:{index}" + (person.Name.Length > 0 ? $" ({person.Name})" : "");
            foreach (var finding in Of(person, where))
            {
                yield return finding;
            }
        }

        foreach (var finding in Twice(identity, "the name", person => [person.Name.ToUpperInvariant()], "Give each person a name of their own; case does not count.")
            .Concat(Twice(identity, "the account", person => person.Accounts().Select(account => account.ToString()), "One account is one person: remove it from the others."))
            .Concat(Twice(identity, "the Kubernetes user", person => [person.KubernetesUser ?? ""], "The audit log must name one person: give each their own."))
            .Concat(Twice(identity, "the Argo CD user", person => [person.ArgoCdUser ?? ""], "Access is for one person: give each their own, never a group."))
            .Concat(Twice(identity, "the GitHub login", person => [person.GitHubLogin?.ToUpperInvariant() ?? ""], "One login is one person: remove it from the others.")))
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

    private static IEnumerable<Finding> Twice(IdentityOptions identity, string what, Func<PersonOptions, IEnumerable<string>> values, string fix) =>
        identity.People
            .SelectMany(person => values(person).Where(value => value.Length > 0).Distinct(), (person, value) => (person.Name, Value: value))
            .GroupBy(pair => pair.Value, pair => pair.Name, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => Wrong($"Identity:People: {string.Join(" and ", group)} have {what} {group.Key}", fix));

    private static Finding Wrong(string what, string fix) => new(false, what, fix);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Names();

    [GeneratedRegex("^[TE][A-Z0-9]+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SlackTeam();

    [GeneratedRegex("^[UW][A-Z0-9]+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SlackUser();
}
