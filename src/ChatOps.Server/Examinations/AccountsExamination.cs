using ChatOps.Core;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Server.Configuration;

namespace ChatOps.Server.Examinations;

/// <summary>
/// Whether people without a <c>KubernetesUser</c> could fetch the token of the account that the policy has for them: two
/// sections that are each right can leave them with access that nobody can use.
/// </summary>
internal static class AccountsExamination
{
    private const string Fix = "Set Web:Oidc:Matches to Name, GitHubLogin or TeamsObjectId with the Web:Oidc:Claim that says it, or take Policy:BreakGlass:AccountsIn out";

    public static IReadOnlyList<Finding> Look(BreakGlassConfiguration glass, OidcOptions? oidc, IReadOnlyCollection<Person> people)
    {
        if (glass.AccountsIn.Length == 0)
        {
            return [];
        }

        var unknown = people.Where(person => string.IsNullOrEmpty(person.KubernetesUser)).ToList();
        return oidc switch
        {
            null => [Finding.Problem($"Policy:BreakGlass:AccountsIn is {glass.AccountsIn}, and nobody can sign in to fetch a token, so whoever has no KubernetesUser is refused", $"Set up Web:Oidc (docs/install.md). {Fix}.")],
            { Matches: OidcMatch.KubernetesUser } => [Finding.Problem($"Policy:BreakGlass:AccountsIn is {glass.AccountsIn}, for people without a KubernetesUser, and Web:Oidc:Matches knows people by nothing else, so they are refused", $"{Fix}.")],
            _ when unknown.Where(person => !IsKnownBy(oidc.Matches, person)).Select(person => person.Name).ToList() is { Count: > 0 } nobody => [Finding.Problem($"{string.Join(", ", nobody)} could be given an account of their own in the clusters and could not sign in to fetch its token", $"Write down {oidc.Matches} of each in Identity:People, or their KubernetesUser if the clusters know them.")],
            _ => [Finding.Good($"People without a KubernetesUser can fetch the tokens of their accounts in {glass.AccountsIn}, by a sign-in")],
        };
    }

    private static bool IsKnownBy(OidcMatch match, Person person) => match switch
    {
        OidcMatch.Name => true,
        OidcMatch.KubernetesUser => !string.IsNullOrEmpty(person.KubernetesUser),
        OidcMatch.GitHubLogin => !string.IsNullOrEmpty(person.GitHubLogin),
        OidcMatch.TeamsObjectId => person.AccountOn(ChatPlatform.Teams) is not null,
    };
}
