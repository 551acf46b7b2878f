using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Grants;

/// <summary>Where access may be: in the application's own cluster, as it is mapped, and in namespaces that opted in there.</summary>
public sealed class GrantPlaceTests
{
    private static readonly ApplicationFacts Facts = Some.Facts() with { ResourceNamespaces = ["jobs", "shop"] };

    private static BreakGlassConfiguration Glass => new()
    {
        Namespaces = { new() { Cluster = "prod", Names = { "shop", "jobs" } }, new() { Cluster = "east", Names = { "shop" } } },
        ClusterWideIn = { "east" },
    };

    [Theory]
    [InlineData(GrantKind.RoleBinding)]
    [InlineData(GrantKind.ServiceAccount)]
    public void Every_namespace_that_resources_live_in_must_have_opted_in_in_that_cluster(GrantKind kind)
    {
        Assert.Null(GrantPlace.Obstacle(Facts, kind, Glass));

        Refused(
            GrantPlace.Obstacle(Facts with { Cluster = "east" }, kind, Glass), RefusalKind.NotAllowed,
            "shop has resources in namespace jobs of cluster east, which did not opt in to break-glass access.",
            "Whoever keeps the policy can open it in Policy:BreakGlass:Namespaces and apply ChatOps.Server rbac.");
    }

    [Theory]
    [InlineData(GrantKind.RoleBinding)]
    [InlineData(GrantKind.ServiceAccount)]
    public void A_cluster_that_is_not_mapped_is_refused_with_what_maps_it(GrantKind kind) => Refused(
        GrantPlace.Obstacle(Facts with { Cluster = "https://10.0.0.9:6443" }, kind, Glass), RefusalKind.NotPossible,
        "shop runs in cluster https://10.0.0.9:6443, in which no access is given.",
        "If it should be, map it in Clusters and open its namespaces in Policy:BreakGlass:Namespaces.");

    [Theory]
    [InlineData(GrantKind.RoleBinding)]
    [InlineData(GrantKind.ServiceAccount)]
    public void Without_resources_nobody_knows_where_access_would_have_to_be(GrantKind kind) => Refused(
        GrantPlace.Obstacle(Facts with { ResourceNamespaces = [] }, kind, Glass), RefusalKind.NotPossible,
        "Argo CD lists no resources of shop, so I do not know which namespaces access would have to reach.",
        "Once it was synced, ask again.");

    [Fact]
    public void What_lives_in_no_namespace_is_a_matter_of_the_cluster_alone()
    {
        var nowhere = Facts with { ResourceNamespaces = [] };
        Assert.Null(GrantPlace.Obstacle(nowhere with { Cluster = "east" }, GrantKind.ClusterRoleBinding, Glass));

        Refused(
            GrantPlace.Obstacle(nowhere, GrantKind.ClusterRoleBinding, Glass), RefusalKind.NotAllowed,
            "shop runs in cluster prod, which did not opt in to access to what lives in no namespace.",
            "Whoever keeps the policy can open it in Policy:BreakGlass:ClusterWideIn and apply ChatOps.Server rbac. Access in its namespaces is another role.");
    }

    [Fact]
    public void A_role_in_Argo_CD_is_for_the_application_wherever_it_lives() =>
        Assert.Null(GrantPlace.Obstacle(Facts with { Cluster = "https://10.0.0.9:6443", ResourceNamespaces = [] }, GrantKind.ArgoCdRole, new()));

    [Theory]
    [InlineData(GrantKind.RoleBinding)]
    [InlineData(GrantKind.ServiceAccount)]
    [InlineData(GrantKind.ClusterRoleBinding)]
    [InlineData(GrantKind.ArgoCdRole)]
    public void To_what_is_being_deleted_nobody_gets_access(GrantKind kind) =>
        Assert.Equal("shop is being deleted.", GrantPlace.Obstacle(Facts with { Cluster = "east", Deleting = true }, kind, Glass)?.Why.ToString());

    [Fact]
    public async Task Who_asks_for_a_place_where_there_is_none_is_told_why_and_nothing_is_kept()
    {
        foreach (var (seen, says) in new (Func<ApplicationFacts, ApplicationFacts>, string)[]
        {
            (facts => facts with { Cluster = "https://10.0.0.9:6443" }, "map it in"),
            (facts => facts with { ResourceNamespaces = [] }, "Once it was synced"),
            (facts => facts with { ResourceNamespaces = ["shop", "kube-system"] }, "kube-system"),
        })
        {
            var world = await World.WithIncidentAsync();
            world.Cluster.Seen = seen;

            var told = await world.SayAsync("alice", "breakglass", "request shop-a as editor for 30m because pods crashloop");

            Assert.Contains(says, string.Join('\n', told!.Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString())), StringComparison.Ordinal);
            Assert.Empty(world.Records.AllOperations);
        }
    }

    /// <summary>Approved for one place, and in the moment before it is given the application lives in another one too.</summary>
    [Theory]
    [InlineData("jobs", "which did not opt in")]
    [InlineData("shop-2", "plan")]
    public async Task A_place_that_changed_after_the_approval_gives_nothing(string also, string why)
    {
        var world = await World.WithIncidentAsync();
        world.Policy.BreakGlass.Namespaces[0].Names.Add("shop-2");
        await world.SayAsync("alice", "breakglass", "request shop-a as editor for 30m because pods crashloop");
        await world.PressAsync("bob", ChoiceKind.Approve);
        world.Cluster.Seen = facts => facts with { ResourceNamespaces = ["shop", also] };

        await world.WorkAsync();

        Assert.Empty(world.Access.Objects);
        Assert.Contains(world.Records.Entries, entry => entry.Text.ToString().Contains(why, StringComparison.OrdinalIgnoreCase));
    }

    private static void Refused(Refusal? refusal, RefusalKind kind, string why, string instead) =>
        Assert.Equal((kind, why, instead), (refusal?.Kind, refusal?.Why.ToString(), refusal?.Instead.ToString()));
}
