using ChatOps.Core.Grants;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Peers;
using ChatOps.Platform.Access;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Platform.Tests.Access;

/// <summary>A real API server with the ClusterRoles that we ship, the bot with what <c>rbac</c> writes, and people who may do nothing.</summary>
public sealed class GrantCluster : IAsyncLifetime
{
    public static readonly KubeUser Alice = new("alice@example.com", "alice-token");

    /// <summary>Of whom the identity source tells a group.</summary>
    public static readonly KubeUser Gina = new("gina@example.com", "gina-token", "shop-oncall");

    public static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);
    private KubeApiServer? server;
    private ClusterConnections? connections;

    public KubeApiServer Server => server ?? throw new InvalidOperationException("There is no real API server.");

    public const string AccountsIn = "breakglass-accounts";

    public RoleBindingAccess Access => new(connections!, Policy);

    internal WritesLook Writes => new(connections!);

    internal LeftoverLook Leftovers => new(new([], [new ClusterOptions { Name = "production" }]), connections!, new ArgoCdApis(TimeProvider.System));

    /// <summary>All of them under a policy that names nothing any more.</summary>
    internal AccessPorts WithoutPolicy => new([new RoleBindingAccess(connections!, new()), new ClusterRoleBindingAccess(connections!, new()), new ServiceAccountAccess(connections!, new(), Time)]);

    public ClusterRoleBindingAccess WholeCluster => new(connections!, Policy);

    /// <summary>For people whom the cluster does not know.</summary>
    public ServiceAccountAccess Accounts => new(connections!, Policy, Time);

    /// <summary>The same after everything was taken out of the policy.</summary>
    public ServiceAccountAccess AccountsWithoutPolicy => new(connections!, new(), Time);

    public FakeTimeProvider Time { get; } = new(Now);

    /// <summary>The same under a policy that asks for admission policies, as every policy does that says nothing else.</summary>
    public RoleBindingAccess BoundedAccess => new(connections!, new() { BreakGlass = new() { Roles = Policy.BreakGlass.Roles, Namespaces = Policy.BreakGlass.Namespaces } });

    public static PolicyConfiguration Policy { get; } = new()
    {
        Version = "1",
        BreakGlass = new()
        {
            WithoutAdmissionPolicy = true, // this API server is older than they are
            Roles = { new() { Name = "editor", ClusterRole = "chatops-breakglass-editor" }, new() { Name = "viewer", ClusterRole = "chatops-breakglass-viewer" }, new() { Name = "narrow", ClusterRole = "only-checkout" }, new() { Name = "node-viewer", ClusterRole = "chatops-breakglass-cluster-viewer", ClusterWide = true } },
            ClusterWideIn = { "production" },
            Namespaces = { new() { Cluster = "production", Names = { "shop", "shop-jobs", "doomed" } } },
            AccountsIn = AccountsIn,
        },
        Rules = { new() { Name = "access", Verbs = { "grant" }, Access = { "editor", "viewer", "narrow" } }, new() { Name = "nodes", Verbs = { "grant-cluster" }, Access = { "node-viewer" } } },
    };

    public async Task InitializeAsync()
    {
        if (!KubeApiServer.IsAvailable)
        {
            return;
        }

        server = await KubeApiServer.StartAsync(Alice, Gina);
        foreach (var ns in (string[])["shop", "shop-jobs", "doomed", "payments", "argocd", "chatops", AccountsIn])
        {
            await server.RunAsync(KubeUser.Admin, "create", "namespace", ns);
        }

        await server.ApplyManifestsAsync("manifests/breakglass-cluster");
        await server.ApplyAsync("""
            { "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": { "name": "only-checkout" },
              "rules": [{ "apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get", "patch"], "resourceNames": ["checkout"] }] }
            """);
        await server.ApplyAsync(RbacYaml.Write([], grants: RbacGrants.Of(Policy, new HashSet<string> { "argocd" })));
        connections = new([new ClusterOptions { Name = "production", KubeConfig = server.KubeconfigFor(KubeUser.Bot) }], new FakeTimeProvider(Now));
        await server.AuthorizerKnowsAsync();
    }

    public async Task DisposeAsync()
    {
        connections?.Dispose();
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    internal static ApplicationFacts Checkout(params string[] namespaces) =>
        Some.Facts(Some.Application()) with { ResourceNamespaces = namespaces.Length == 0 ? ["shop"] : namespaces };

    internal static AccessWish Wish(params string[] namespaces) => new(Checkout(namespaces), Policy.BreakGlass.Role("editor")!, Alice.Name, []);

    internal static AccessWish WishAs(string role, KubeUser person, params string[] groups) => new(Checkout(), Policy.BreakGlass.Role(role)!, person.Name, groups);

    internal static AccessWish WishForNodes() => new(Checkout(), Policy.BreakGlass.Role("node-viewer")!, Alice.Name, []);

    /// <summary>The authorizer learns of a binding a moment after the answer.</summary>
    internal static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            await Task.Delay(20, limit.Token);
        }
    }

    /// <summary>What a wish means for somebody who has nothing of it, once the authorizer knows what was taken away before.</summary>
    internal static async Task<AccessTerms> NothingYetAsync(IAccess port, AccessWish wish)
    {
        AccessTerms? terms = null;
        await UntilAsync(async () => (terms = (await port.TermsAsync(wish, default)).Terms)!.Lacking.Count == terms!.Asked.Count);
        return terms!;
    }

    /// <summary>A grant with the proof that an approved operation gives.</summary>
    internal static AuthorizedGrant Approved(AccessTerms terms, string subject = "alice@example.com", DateTimeOffset? endsAt = null, GrantKind kind = GrantKind.RoleBinding)
    {
        var operation = Some.Approved(Checkout()).Start(Now);
        var id = Guid.NewGuid();
        return new Grant
        {
            Id = id,
            Kind = terms.Scope.IsClusterWide ? GrantKind.ClusterRoleBinding : kind,
            Incident = 7,
            Operation = operation.Operation.Id,
            Person = "alice",
            Subject = kind == GrantKind.ServiceAccount ? $"system:serviceaccount:{AccountsIn}:chatops-{id:N}" : subject,
            Role = "editor",
            Target = Checkout().Ref,
            Scope = terms.Scope,
            Reason = "pods crashloop on config",
            StartedAt = Now,
            EndsAt = endsAt ?? Now.AddMinutes(30),
            FirstStartedAt = Now,
            Latest = Now.AddHours(2),
            Probes = terms.Probes,
            State = GrantState.Starting,
        }.Give(operation, Now);
    }
}
