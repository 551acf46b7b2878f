using ChatOps.Peers;
using ChatOps.Platform.Kubernetes;
using ChatOps.Platform.Tests.Fakes;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <summary>The suite against a real kube-apiserver, the bot with no more than it needs: reading, and impersonating.</summary>
[AgainstRealApiServer]
public sealed class ArgoCdReconcilerOnRealApiServerTests(RealApiServer real) : ArgoCdReconcilerContract, IClassFixture<RealApiServer>
{
    protected override ApiUnderTest Api => real.Api;

    [ContractFact]
    public async Task Doctor_finds_what_is_missing_and_what_is_too_much()
    {
        var (doctor, _, connections) = Api.Checks(Policies.OnCallAnd("chatops:forgotten"));
        using (connections)
        {
            var findings = await doctor.LookAsync(CancellationToken.None);

            var problems = findings.Where(finding => !finding.Ok).Select(finding => finding.What).ToList();
            Assert.Contains(problems, what => what.Contains("act as chatops:forgotten", StringComparison.Ordinal));
            Assert.Contains(problems, what => what.Contains("no ValidatingAdmissionPolicy", StringComparison.Ordinal)); // 1.20
            Assert.DoesNotContain(problems, what => what.Contains("act as chatops:on-call", StringComparison.Ordinal));
            Assert.DoesNotContain(problems, what => what.Contains("list applications", StringComparison.Ordinal));
            Assert.DoesNotContain(problems, what => what.Contains("and should not", StringComparison.Ordinal));
            Assert.All(findings.Where(finding => !finding.Ok), finding => Assert.NotEqual("", finding.Fix));
        }
    }

    [ContractFact]
    public async Task What_rbac_writes_makes_its_own_check_pass_and_a_new_application_fail_it()
    {
        await Api.CreateAsync(OfSet("rbac-set", "rbac-first"));
        var policy = Policies.For("chatops:on-call-scoped", "rbac-*");
        policy.Policy.Rules[0].MayAddIgnoreApplicationDifferences = true;
        var (_, rbac, connections) = Api.Checks(policy);
        using (connections)
        {
            await FindsAsync(rbac, "may not read ConfigMap", "may not watch ConfigMap", "cannot be asked", "chatops:projects may not patch project default", "chatops:sets may not patch ApplicationSet rbac-set");
            using var written = new StringWriter();
            await rbac.WriteAsync(written, CancellationToken.None);
            await real.ApplyAsync(written.ToString());
            await FindsAsync(rbac);

            await Api.CreateAsync(Some.Application("rbac-second"));

            await FindsAsync(rbac, "may not patch rbac-second");
        }
    }

    /// <summary>These problems and no other. The watch cache and the authorizer learn of a write a moment after its answer.</summary>
    private static async Task FindsAsync(PlatformRbac rbac, params string[] problems)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var found = (await rbac.CheckAsync(limit.Token)).Where(finding => !finding.Ok).Select(finding => finding.What).ToList();
            if (found.Count == problems.Length && problems.All(problem => found.Exists(what => what.Contains(problem, StringComparison.Ordinal))))
            {
                return;
            }

            await Task.Delay(50, limit.Token);
        }
    }
}

public sealed class RealApiServer : IAsyncLifetime
{
    private const string Rights = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: argocd}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: chatops}
        rules:
        - {apiGroups: [argoproj.io], resources: [applications, applicationsets, appprojects], verbs: [get, list, watch]}
        - {apiGroups: [apiextensions.k8s.io], resources: [customresourcedefinitions], verbs: [get]}
        - {apiGroups: [authorization.k8s.io], resources: [subjectaccessreviews], verbs: [create]}
        - {apiGroups: [""], resources: [users], resourceNames: ["chatops:on-call", "chatops:projects", "chatops:sets"], verbs: [impersonate]}
        - {apiGroups: [authentication.k8s.io], resources: [userextras/chatops-user], verbs: [impersonate]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: chatops}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: chatops}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: "system:serviceaccount:chatops:chatops"}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: on-call, namespace: argocd}
        rules: [{apiGroups: [argoproj.io], resources: [applications], verbs: [get, patch]}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: on-call, namespace: argocd}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: on-call}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: "chatops:on-call"}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: reads, namespace: default}
        rules: [{apiGroups: ["", apps], resources: [configmaps, deployments], verbs: [get]}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: reads, namespace: default}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reads}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: "system:serviceaccount:chatops:chatops"}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: windows, namespace: argocd}
        rules: [{apiGroups: [argoproj.io], resources: [appprojects], resourceNames: [first, beside, taken, longer, gone, nameless, seen, before, switched, busy, at-once, left-over, both-first, both-second, behind-another, of-one], verbs: [get, patch]}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: windows, namespace: argocd}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: windows}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: "chatops:projects"}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: sets, namespace: argocd}
        rules: [{apiGroups: [argoproj.io], resources: [applicationsets], resourceNames: [set-none, set-some, set-two, set-crash, set-same, set-edited, set-taken, set-gone, set-off, set-without, set-kept], verbs: [get, patch]}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: sets, namespace: argocd}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: sets}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: "chatops:sets"}]
        """;

    private KubeApiServer? server;
    private ApiUnderTest? api;

    public ApiUnderTest Api => api ?? throw new InvalidOperationException("There is no real API server.");

    public Task ApplyAsync(string yaml) => server!.ApplyAsync(yaml);

    public async Task InitializeAsync()
    {
        if (!KubeApiServer.IsAvailable)
        {
            return;
        }

        server = await KubeApiServer.StartAsync();
        await server.ApplyArgoCdCrdsAsync();
        await server.ApplyAsync(Rights);
        await server.AuthorizerKnowsAsync();
        api = new(new ClusterOptions { Name = "production", KubeConfig = server.KubeconfigFor(KubeUser.Bot) }, server.ClientFor(KubeUser.Admin));
    }

    public async Task DisposeAsync()
    {
        api?.Dispose();
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }
}
