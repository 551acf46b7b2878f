using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Server.Configuration;
using ChatOps.Server.Examinations;

namespace ChatOps.Server.Tests.Examinations;

/// <summary>Accounts of grants want a sign-in that knows people whom the clusters do not know.</summary>
public sealed class AccountsDoctorTests
{
    [Theory]
    [InlineData(OidcMatch.Name, null)]
    [InlineData(OidcMatch.KubernetesUser, "Web:Oidc:Matches knows people by nothing else")]
    [InlineData(OidcMatch.GitHubLogin, "erin could be given an account")]
    [InlineData(OidcMatch.TeamsObjectId, "erin, frank could be given an account")]
    public void Who_could_never_fetch_a_token_is_found_with_the_fix(OidcMatch match, string? says)
    {
        var finding = Assert.Single(AccountsExamination.Look(new() { AccountsIn = "breakglass-accounts" }, new OidcOptions { Matches = match }, People));

        Assert.Equal(says is null, finding.Ok);
        if (says is not null)
        {
            Assert.Contains(says, finding.What, StringComparison.Ordinal);
            Assert.Contains(match == OidcMatch.KubernetesUser ? "Set Web:Oidc:Matches to" : $"Write down {match}", finding.Fix, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_a_sign_in_nobody_could_and_without_accounts_nobody_has_to()
    {
        Assert.False(Assert.Single(AccountsExamination.Look(new() { AccountsIn = "breakglass-accounts" }, null, People)).Ok);
        Assert.Empty(AccountsExamination.Look(new BreakGlassConfiguration(), null, People));
    }

    private static IReadOnlyList<Person> People { get; } =
    [
        new("alice", [new(ChatPlatform.Slack, "T1", "U1")]) { KubernetesUser = "alice@example.org" },
        new("erin", [new(ChatPlatform.Slack, "T1", "U2")]),
        new("frank", [new(ChatPlatform.Slack, "T1", "U3")]) { GitHubLogin = "frank" },
    ];
}
