using ChatOps.Core.Grants;

namespace ChatOps.Core.Tests.Grants;

public sealed class AccessReachTests
{
    private const string Rbac = "rbac.authorization.k8s.io";

    /// <summary>What a rule allows, and what is to be said of it; empty: nothing.</summary>
    public static TheoryData<string, string, string, string> Rules => new()
    {
        { "get", "", "pods", "" },
        { "patch", "apps", "deployments/scale", "" },
        { "delete", "", "pods", "" },
        { "patch", "", "configmaps", "" },
        { "get", "", "secrets", "read Secrets themselves" },
        { "create", "", "pods/exec", "By pods/exec they run commands in pods" },
        { "get", "", "pods/exec", "their Secrets, and the tokens" },
        { "create", "", "*/exec", "pods/exec" },
        { "*", "*", "pods/attach", "pods/attach" },
        { "patch", "", "pods/ephemeralcontainers", "pods/ephemeralcontainers" },
        { "create", "", "pods/exec", "A shell that is open at the end goes on" },
        { "create", "", "pods/portforward", "every port of the pods" },
        { "create", "", "pods/portforward", "A forwarded port that is open" },
        { "get", "", "services/proxy", "services/proxy" },
        { "get", "", "pods/log", "A followed log that is open" },
        { "patch", "apps", "deployments", "any Secret of the namespace" },
        { "update", "batch", "cronjobs", "By writing cronjobs" },
        { "create", "", "pods", "act as any ServiceAccount" },
        { "patch", "", "deployments", "" },
        { "create", "", "serviceaccounts/token", "beyond the end" },
        { "bind", Rbac, "clusterroles", "beyond the end" },
        { "create", Rbac, "rolebindings", "beyond the end" },
        { "patch", "", "secrets", "beyond the end" },
        { "impersonate", "", "users", "impersonate" },
        { "*", "*", "*", "beyond the end" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void It_says_what_a_right_reaches_that_it_does_not_name(string verb, string group, string resource, string says)
    {
        var words = Words(new AccessRight(verb, group, resource));

        if (says.Length == 0)
        {
            Assert.Empty(words);
        }
        else
        {
            Assert.Contains(says, string.Join('\n', words), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_goes_on_after_the_end_is_one_sentence()
    {
        var words = Words(new("create", "", "pods/exec"), new("create", "", "pods/portforward"), new("get", "", "pods/log"));

        Assert.Equal("A shell, a forwarded port or a followed log that is open at the end goes on until it closes: the end takes the right away, not the connection.", words[^1]);
        Assert.Equal(3, words.Count);
    }

    private static List<string> Words(params AccessRight[] rights) => [.. AccessReach.InWords(rights).Select(text => text.ToString())];
}
