using ChatOps.Core.Grants;

namespace ChatOps.Core.Tests.Grants;

public sealed class RoleRuleTests
{
    [Theory]
    [InlineData("get, list, watch pods, pods/log", "get list watch", "pods pods/log", "", false)]
    [InlineData("patch deployments (apps), statefulsets (apps, extensions), only checkout, cart", "patch", "deployments statefulsets", "checkout cart", true)]
    [InlineData("get everything", "get", "everything", "", false)]
    [InlineData("everything pods", "everything", "pods", "", true)]
    [InlineData("get pods/exec", "get", "pods/exec", "", true)] // an old API server opens a shell by it
    [InlineData("get ", "get", "", "", false)] // a path that is no resource
    public void The_words_that_people_approved_are_read_back(string line, string verbs, string resources, string names, bool changes)
    {
        var rule = RoleRule.Read(line);

        Assert.Equal((verbs, resources, names), (string.Join(' ', rule.Verbs), string.Join(' ', rule.Resources), string.Join(' ', rule.Names)));
        Assert.Equal(changes, rule.Changes);
    }

    [Theory]
    [InlineData("patch deployments (apps), pods", "patch", "deployments", "checkout", true)]
    [InlineData("patch deployments (apps), pods", "update", "deployments", "checkout", false)]
    [InlineData("patch deployments (apps), pods", "patch", "deployments/scale", "checkout", false)]
    [InlineData("everything everything", "create", "pods/exec", "p", true)]
    [InlineData("create */exec", "create", "pods/exec", "p", true)]
    [InlineData("patch deployments (apps), only checkout", "patch", "deployments", "checkout", true)]
    [InlineData("patch deployments (apps), only checkout", "patch", "deployments", "cart", false)]
    [InlineData("deletecollection pods, only a", "deletecollection", "pods", null, false)]
    public void And_allow_what_RBAC_reads_in_them(string line, string verb, string resource, string? name, bool allows) =>
        Assert.Equal(allows, RoleRule.Read(line).Allows(verb, resource, name));
}
