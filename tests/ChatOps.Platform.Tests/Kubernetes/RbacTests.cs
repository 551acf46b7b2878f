using System.Text.Json;
using ChatOps.Core.Policy;
using ChatOps.Peers;
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
    public void Objects_are_read_in_the_namespaces_that_applications_of_the_policy_deploy_to_and_in_no_other()
    {
        RbacApplication[] applications =
        [
            App("checkout"), App("checkout-b"),
            App("checkout-eu") with { Namespace = "shop-eu", Cluster = "eu" },
            App("billing") with { Namespace = "billing" }, // no role may touch it
            App("checkout-far") with { Cluster = "https://10.0.0.9:6443" }, // not among Clusters
            App("checkout-root") with { Namespace = "argocd" }, // an app of apps: the bot reads Applications anyway
            App("checkout-new") with { Ref = new("with-token", "argocd", "checkout-new"), Namespace = "new" },
        ];

        var reads = RbacReads.Of(Policy(), applications, Installation());

        // With a token Argo CD compares by itself, and nobody but the bot sees what it takes back at once.
        Assert.Equal([new RbacReads("eu", "shop-eu"), new RbacReads("production", "new") { OnlyWatches = true }, new RbacReads("production", "shop")], reads);
    }

    [Fact]
    public void A_cluster_that_is_only_read_lets_the_bot_act_as_nobody()
    {
        var yaml = RbacYaml.Write([], reads: [new("eu", "shop-eu")]);

        // A list of names that is empty would be all names.
        Assert.DoesNotContain("impersonate", yaml, StringComparison.Ordinal);
        Assert.Contains("namespace: \"shop-eu\"", yaml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "get, watch")]
    [InlineData(true, "watch")]
    public void What_is_read_is_read_by_name_and_watched_and_is_never_a_secret(bool onlyWatches, string verbs)
    {
        using var text = new StringReader(RbacYaml.Write([], reads: [new("production", "shop") { OnlyWatches = onlyWatches }]));
        var yaml = new YamlStream();
        yaml.Load(text);
        var rules = (YamlSequenceNode)yaml.Documents[0].RootNode["rules"];

        Assert.All(rules, rule => Assert.Equal(verbs, string.Join(", ", (YamlSequenceNode)rule["verbs"])));
        var resources = rules.SelectMany(rule => (YamlSequenceNode)rule["resources"]).Select(resource => resource.ToString()).ToList();
        Assert.Contains("deployments", resources);
        Assert.DoesNotContain(resources, resource => resource.Contains("secret", StringComparison.OrdinalIgnoreCase) || resource == "*");
    }

    [Theory]
    [InlineData("breakglass-accounts", true)]
    [InlineData("argocd", false)]
    [InlineData("kube-system", false)]
    [InlineData("", false)]
    public void Accounts_and_tokens_are_made_in_one_namespace_of_their_own_or_nowhere(string ns, bool areMade)
    {
        var policy = Access.GrantCluster.Policy;
        var grants = RbacGrants.Of(new() { Rules = policy.Rules, BreakGlass = new() { Roles = policy.BreakGlass.Roles, Namespaces = policy.BreakGlass.Namespaces, AccountsIn = ns } }, new HashSet<string> { "argocd" });

        var yaml = RbacYaml.Write([], grants: grants);

        Assert.Equal(areMade, yaml.Contains("  name: chatops-accounts\n", StringComparison.Ordinal));
        Assert.Equal(areMade, yaml.Contains("chatops-accounts-of-nobody-else", StringComparison.Ordinal)); // the bot may look whether it is there
        Assert.Equal(areMade ? 1 : 0, yaml.Split("serviceaccounts/token").Length - 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_access_is_given_the_bot_lists_what_it_looks_at_and_no_secret(bool isClusterWide)
    {
        var grants = new RbacGrants("production", ["shop"], ["editor"]) { ClusterWideRoles = isClusterWide ? ["node-viewer"] : [] };
        var yaml = new YamlStream();
        using var text = new StringReader(RbacYaml.Write([], grants: [grants]));
        yaml.Load(text);
        var roles = yaml.Documents.Select(document => document.RootNode).OfType<YamlMappingNode>().Where(root => root["kind"].ToString() is "Role" or "ClusterRole").ToDictionary(root => root["metadata"]["name"].ToString(), root => ((YamlSequenceNode)root["rules"]).ToList());

        Assert.All(roles["chatops-grants-leftovers"], rule => Assert.Equal("list", Assert.Single((YamlSequenceNode)rule["verbs"]).ToString()));
        Assert.Equal(ChatOps.Platform.Access.ListedKind.InNamespaces.Select(kind => kind.Resource).Where(kind => kind != "rolebindings").Order(), Resources(roles["chatops-grants-leftovers"]).Order());
        var everywhere = Resources(roles["chatops-grants-reads"]).ToList();
        Assert.Equal(isClusterWide, everywhere.Contains("nodes"));
        Assert.Contains("mutatingwebhookconfigurations", everywhere);
        Assert.DoesNotContain(roles.Values.SelectMany(Resources), resource => resource.Contains("secret", StringComparison.OrdinalIgnoreCase) || resource == "*");

        static IEnumerable<string> Resources(IEnumerable<YamlNode> rules) => rules.SelectMany(rule => (YamlSequenceNode)rule["resources"]).Select(resource => resource.ToString());
    }

    [Fact]
    public void Windows_are_written_by_one_user_in_the_projects_of_the_policys_applications_and_in_no_other()
    {
        RbacApplication[] applications = [App("checkout"), App("checkout-b"), App("checkout-tools") with { Project = "tools" }, App("billing") with { Project = "billing" }];

        var windows = Assert.Single(RbacProjects.ForWindows(Policy(), applications, Installation().ArgoCd));

        Assert.Equal(("production", "argocd", "default tools"), (windows.Cluster, windows.Namespace, string.Join(' ', windows.Projects)));
        Assert.Equal(WindowRole(RbacYaml.Write([], windows: [windows with { Projects = ["shop"] }])), WindowRole(File.ReadAllText(Path.Combine(Repository.Root, "manifests/authority/generated.yaml"))));
        Assert.Contains("- \"chatops:projects\"", RbacYaml.Write([], windows: [windows]), StringComparison.Ordinal);

        static string WindowRole(string yaml)
        {
            var documents = new YamlStream();
            documents.Load(new StringReader(yaml));
            var role = documents.Documents.Select(document => document.RootNode).OfType<YamlMappingNode>().Single(root => root["kind"].ToString() == "Role" && root["metadata"]["name"].ToString() == "chatops-windows");
            return $"{role["metadata"]["namespace"]}: {role["rules"][0]}";
        }
    }

    [Fact]
    public void The_example_in_the_repository_reads_what_rbac_would_write()
    {
        var (written, example) = (ReadRules(RbacYaml.Write([], reads: [new("production", "shop")])), ReadRules(File.ReadAllText(Path.Combine(Repository.Root, "manifests/authority/generated.yaml"))));

        Assert.Equal(written, example);

        static string ReadRules(string yaml)
        {
            var documents = new YamlStream();
            documents.Load(new StringReader(yaml));
            var role = documents.Documents.Select(document => document.RootNode).OfType<YamlMappingNode>().Single(root => root["kind"].ToString() == "Role" && root["metadata"]["name"].ToString() == "chatops-diff");
            return string.Join('\n', ((YamlSequenceNode)role["rules"]).Select(rule => $"{string.Join(',', (YamlSequenceNode)rule["apiGroups"])}: {string.Join(',', (YamlSequenceNode)rule["resources"])}: {string.Join(',', (YamlSequenceNode)rule["verbs"])}"));
        }
    }

    [Fact]
    public void Sets_are_edited_by_one_user_where_a_rule_lets_them_and_only_those_that_made_its_applications()
    {
        RbacApplication[] applications =
        [
            App("checkout") with { Set = "shops" }, App("checkout-b") with { Set = "shops" }, App("checkout-alone"),
            App("payments") with { Set = "payments" }, // another rule, which says nothing of sets
            App("billing") with { Set = "billing" }, // no rule
            App("checkout-eu", held: "eu") with { Set = "eu-shops" },
        ];
        var policy = Policy();
        Assert.Empty(RbacSets.Of(policy, applications));
        policy.Policy.Rules[0].MayAddIgnoreApplicationDifferences = true;

        var sets = RbacSets.Of(policy, applications);

        Assert.Equal(["eu/argocd: eu-shops", "production/argocd: shops"], sets.Select(one => $"{one.Cluster}/{one.Namespace}: {string.Join(' ', one.Sets)}"));
        var yaml = new YamlStream();
        yaml.Load(new StringReader(RbacYaml.Write([], sets: [sets[1]])));
        var roots = yaml.Documents.Select(document => document.RootNode).OfType<YamlMappingNode>().ToList();
        var rule = roots.Single(root => root["kind"].ToString() == "Role")["rules"][0];
        Assert.Equal(("applicationsets", "get patch", "shops"), (rule["resources"][0].ToString(), string.Join(' ', (YamlSequenceNode)rule["verbs"]), string.Join(' ', (YamlSequenceNode)rule["resourceNames"])));
        Assert.Equal("chatops:sets", roots.Single(root => root["kind"].ToString() == "RoleBinding")["subjects"][0]["name"].ToString());
        Assert.Equal("chatops:sets", Assert.Single((YamlSequenceNode)roots[0]["rules"][0]["resourceNames"]).ToString());
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

    private static PlatformOptions Installation() => new(
        [new() { Cluster = "production" }, new() { Name = "with-token", Cluster = "production", Namespace = "argocd-two", ServerUrl = "https://argocd.example.org", Token = "t" }],
        [new() { Name = "production" }, new() { Name = "eu" }]);

    private static RbacApplication App(string name, string held = "production") => new(new("argocd", "argocd", name), held, "default", "shop", held);

    private static Rulebook Policy() => Policies.Of(("on-call", "chatops:on-call", "checkout*"), ("payments", "chatops:payments", "payments"), ("commanders", "", "none"));
}
