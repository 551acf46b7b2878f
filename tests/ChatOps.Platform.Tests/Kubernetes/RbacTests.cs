using System.Text.Json;
using ChatOps.Core.Policy;
using ChatOps.Platform.Kubernetes;
using YamlDotNet.RepresentationModel;

namespace ChatOps.Platform.Tests.Kubernetes;

public sealed class RbacTests
{
    [Fact]
    public void A_role_gets_exactly_the_applications_that_the_rulebook_gives_it()
    {
        var scopes = RbacScope.Of(Policy(), [App("checkout"), App("payments"), App("billing"), App("checkout-eu", held: "eu")]);

        Assert.Equal(
            ["eu/argocd chatops:on-call: checkout-eu", "production/argocd chatops:on-call: checkout", "production/argocd chatops:payments: payments"],
            scopes.Select(scope => $"{scope.HeldBy}/{scope.Namespace} {scope.User}: {string.Join(' ', scope.Applications)}"));
    }

    [Fact]
    public void The_same_policy_gives_the_same_bytes_in_whatever_order_applications_come()
    {
        var there = RbacYaml.Write(RbacScope.Of(Policy(), [App("checkout"), App("checkout-b"), App("payments")]));
        var back = RbacYaml.Write(RbacScope.Of(Policy(), [App("payments"), App("checkout-b"), App("checkout")]));

        Assert.Equal(there, back);
    }

    [Fact]
    public void What_is_written_is_yaml_and_names_only_users_of_the_policy()
    {
        var yaml = new YamlStream();
        using var text = new StringReader(RbacYaml.Write(RbacScope.Of(Policy(), [App("checkout"), App("payments")])));
        yaml.Load(text);

        var kinds = yaml.Documents.Select(document => document.RootNode).OfType<YamlMappingNode>().Select(root => root["kind"].ToString()).ToList();
        Assert.Equal(["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "Role", "RoleBinding"], kinds);
        var users = (YamlSequenceNode)((YamlMappingNode)yaml.Documents[0].RootNode)["rules"][0]["resourceNames"];
        Assert.Equal(["chatops:on-call", "chatops:payments"], users.Select(user => user.ToString()));
    }

    [Fact]
    public void Two_users_never_share_a_role() =>
        Assert.Equal(3, new[] { "chatops:on-call", "chatops:on:call", "chatops-on-call" }.Select(RbacYaml.RoleName).Distinct().Count());

    [Fact]
    public void Rights_without_names_cover_all_and_others_only_what_they_name()
    {
        var named = PatchRights.Of(Rules("""[{"verbs":["get","patch"],"apiGroups":["argoproj.io"],"resources":["applications"],"resourceNames":["checkout"]}]"""));
        var all = PatchRights.Of(Rules("""[{"verbs":["*"],"apiGroups":["*"],"resources":["*"]}]"""));
        var none = PatchRights.Of(Rules("""[{"verbs":["get"],"apiGroups":["argoproj.io"],"resources":["applications"]}]"""));

        Assert.Equal((true, false, true, false), (named.Covers("checkout"), named.Covers("payments"), all.Covers("payments"), none.Covers("checkout")));
    }

    private static JsonElement Rules(string rules) => JsonDocument.Parse($$"""{"resourceRules":{{rules}}}""").RootElement;

    private static RbacApplication App(string name, string held = "production") => new(new("argocd", "argocd", name), held, "default", "shop", held);

    private static Rulebook Policy() => Policies.Of(("on-call", "chatops:on-call", "checkout*"), ("payments", "chatops:payments", "payments"), ("commanders", "", "none"));
}
