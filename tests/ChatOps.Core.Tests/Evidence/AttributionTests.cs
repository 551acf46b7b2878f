using ChatOps.Core.Evidence;
using ChatOps.Core.Grants;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Evidence;

public sealed class AttributionTests
{
    private static readonly DateTimeOffset Start = Some.Now;
    private static readonly Grant Grant = new()
    {
        Id = Guid.Parse("0193a5f0-0000-7000-8000-0123456789ab"),
        Kind = GrantKind.RoleBinding,
        Incident = 1,
        Operation = Guid.Empty,
        Person = "alice",
        Subject = "alice@example.org",
        Role = "editor",
        Target = new("argocd", "argocd", "shop-a"),
        Scope = new("prod", ["shop"], "editor", []),
        Reason = "",
        StartedAt = Start,
        EndsAt = Start.AddMinutes(30),
        FirstStartedAt = Start,
        Latest = Start.AddHours(2),
        Probes = [],
        State = GrantState.Active,
    };

    private static readonly AuditNotice Patch = SomeEvent.Patch(Start.AddMinutes(1));

    [Fact]
    public void A_write_by_the_person_where_the_access_is_belongs_to_it() => Assert.Equal(DeedKind.Change, Attribution.Of(Patch, Grant));

    [Fact]
    public void What_lives_in_no_namespace_belongs_to_access_to_the_whole_cluster_and_what_lives_in_one_does_not()
    {
        var wide = Grant with { Kind = GrantKind.ClusterRoleBinding, Scope = new("prod", [""], "node-viewer", []) };
        var node = Patch with { Target = new("", "nodes", null, null, "n1") };
        var binding = Patch with { As = "chatops:cluster-grants", Verb = "create", Target = new("rbac.authorization.k8s.io", "clusterrolebindings", null, null, wide.ObjectName) };

        Assert.Equal(DeedKind.Change, Attribution.Of(node, wide));
        Assert.Null(Attribution.Of(Patch, wide));
        Assert.Null(Attribution.Of(node with { Target = new("authorization.k8s.io", "selfsubjectaccessreviews", null, null, null), Verb = "create" }, wide));
        Assert.True(Attribution.MayConcern(binding));
        Assert.True(Attribution.TellsItIsGiven(binding, wide));
        Assert.False(Attribution.TellsItIsGiven(binding, Grant));
    }

    public static TheoryData<string, AuditNotice> NotOfIt => new()
    {
        { "a read", Patch with { Verb = "get" } },
        { "a list", Patch with { Verb = "list" } },
        { "a watch that is open", Patch with { Verb = "watch", Stage = AuditStage.Began } },
        { "refused", Patch with { Code = 403 } },
        { "in conflict", Patch with { Code = 409 } },
        { "a rehearsal", Patch with { IsDryRun = true } },
        { "half of a write", Patch with { Stage = AuditStage.Began } },
        { "elsewhere", SomeEvent.Patch(Start.AddMinutes(1), ns: "billing") },
        { "in no namespace", Patch with { Target = new("", "nodes", null, null, "n1") } },
        { "before it", SomeEvent.Patch(Start.AddSeconds(-3)) },
        { "by a controller", SomeEvent.Patch(Start.AddMinutes(1), "system:serviceaccount:kube-system:deployment-controller") },
        { "by us", SomeEvent.Patch(Start.AddMinutes(1), "system:serviceaccount:chatops:chatops") with { As = "chatops:on-call" } },
    };

    [Theory]
    [InlineData("alice@example.org", true)]
    [InlineData("system:serviceaccount:shop:chatops-0193a5f0", true)]
    [InlineData("system:serviceaccount:argocd:argocd-application-controller", false)]
    [InlineData("system:node:n1", false)]
    public void What_a_cluster_does_all_day_by_itself_concerns_nobody(string user, bool may) =>
        Assert.Equal(may, Attribution.MayConcern(SomeEvent.Patch(Start, user)));

    /// <summary>What a look after the end finds; of all else programs do nothing is kept, nor of what we make.</summary>
    [Theory]
    [InlineData("batch", "cronjobs", "create", "system:serviceaccount:argocd:argocd-application-controller", true)]
    [InlineData("rbac.authorization.k8s.io", "rolebindings", "patch", "system:serviceaccount:argocd:argocd-application-controller", true)]
    [InlineData("batch", "cronjobs", "delete", "system:serviceaccount:argocd:argocd-application-controller", false)]
    [InlineData("", "secrets", "create", "system:serviceaccount:argocd:argocd-application-controller", false)]
    [InlineData("rbac.authorization.k8s.io", "rolebindings", "create", "chatops:grants", false)]
    public void Of_a_program_is_kept_what_would_else_be_found_and_be_nobodys(string group, string resource, string verb, string user, bool isKept)
    {
        var notice = SomeEvent.Create(Start.AddMinutes(1), group, resource, "made", user: user) with { Verb = verb };

        Assert.Equal(isKept ? DeedKind.ByOthers : null, Attribution.Of(notice, Grant));
        Assert.Equal(isKept, Attribution.MayConcern(notice));
    }

    [Theory]
    [MemberData(nameof(NotOfIt))]
    public void Other_events_do_not(string why, AuditNotice notice) => Assert.True(Attribution.Of(notice, Grant) is null, why);

    [Fact]
    public void What_came_after_the_end_is_done_by_other_rights()
    {
        var ended = Grant with { State = GrantState.Ended, EndedAt = Start.AddMinutes(20) };

        Assert.Equal(DeedKind.Change, Attribution.Of(SomeEvent.Patch(Start.AddMinutes(20).AddSeconds(-1)), ended));
        Assert.Null(Attribution.Of(SomeEvent.Patch(Start.AddMinutes(20).AddSeconds(3)), ended));
    }

    [Fact]
    public void Whoever_acts_as_the_person_uses_the_access_too() =>
        Assert.Equal(DeedKind.Change, Attribution.Of(SomeEvent.Patch(Start.AddMinutes(1), "mallory") with { As = "alice@example.org" }, Grant));

    [Fact]
    public void What_others_change_there_meanwhile_is_kept_as_theirs() =>
        Assert.Equal(DeedKind.ByOthers, Attribution.Of(SomeEvent.Patch(Start.AddMinutes(1), "bob@example.org"), Grant));

    [Theory]
    [InlineData("", "secrets", "shop")]
    [InlineData("", "serviceaccounts", "shop")]
    [InlineData("batch", "cronjobs", "shop")]
    [InlineData("rbac.authorization.k8s.io", "rolebindings", "elsewhere")]
    [InlineData("rbac.authorization.k8s.io", "clusterrolebindings", null)]
    [InlineData("admissionregistration.k8s.io", "mutatingwebhookconfigurations", null)]
    public void What_can_outlive_the_access_counts_wherever_the_person_makes_it(string group, string resource, string? ns)
    {
        var made = SomeEvent.Create(Start.AddMinutes(1), group, resource, "x", ns);

        Assert.Equal(DeedKind.Lasting, Attribution.Of(made, Grant));
        Assert.Equal(ns == "shop" ? DeedKind.Change : null, Attribution.Of(made with { Verb = "delete" }, Grant));
    }

    [Fact]
    public void A_token_that_was_had_of_a_service_account_can_outlive_it_too() =>
        Assert.Equal(DeedKind.Lasting, Attribution.Of(SomeEvent.Create(Start.AddMinutes(1), "", "serviceaccounts", "deployer") with { Target = new("", "serviceaccounts", "token", "shop", "deployer") }, Grant));

    [Fact]
    public void A_shell_counts_from_when_it_opens_and_is_nobody_elses_business()
    {
        Assert.Equal(DeedKind.Stream, Attribution.Of(SomeEvent.Exec(Start.AddMinutes(1)), Grant));
        Assert.Null(Attribution.Of(SomeEvent.Exec(Start.AddMinutes(1), "bob@example.org"), Grant));
        Assert.Null(Attribution.Of(SomeEvent.Exec(Start.AddMinutes(1)) with { Code = 403 }, Grant));
    }

    [Fact]
    public void What_somebody_does_through_Argo_CD_the_API_server_sees_Argo_CD_do() =>
        Assert.Null(Attribution.Of(Patch, Grant with { Kind = GrantKind.ArgoCdRole }));
}
