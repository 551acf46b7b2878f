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
}
