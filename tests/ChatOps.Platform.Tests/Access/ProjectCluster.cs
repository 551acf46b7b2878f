using System.Text.Json.Nodes;
using ChatOps.Core.Grants;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Peers;
using ChatOps.Platform.Access;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Platform.Tests.Access;

/// <summary>A real API server with Argo CD's kinds, and the bot with what its manifests and <c>rbac</c> give it; each test has a project of its own.</summary>
public sealed class ProjectCluster : IAsyncLifetime
{
    public const string Projects = "/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects";
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);
    private static readonly ArgoCdOptions Engine = new() { Name = "argocd", Cluster = "production" };
    private KubeApiServer? server;
    private ClusterConnections? connections;
    private PlatformOptions? options;

    public KubeApiServer Server => server ?? throw new InvalidOperationException("There is no real API server.");

    public ArgoCdRoleAccess Access => new(options!, connections!, Policy);

    internal LeftoverLook Leftovers => new(options!, connections!, new ArgoCdApis(TimeProvider.System));

    /// <summary>Whose projects the policy gives roles in; payments is not among them.</summary>
    private static readonly string[] Covered = ["alone", "twice", "crossed", "crossed-list", "minted", "remains", "crowd", "broken", "regex", "others", "named", "taken", "janitor", "many", "from-git", "replaced"];

    private static PolicyConfiguration Policy { get; } = new()
    {
        Version = "1",
        Roles = { new() { Name = "on-call", Users = { "alice" } }, new() { Name = "commander", Users = { "bob" } } },
        BreakGlass = new()
        {
            WithoutAdmissionPolicy = true, // this API server is older than they are
            Roles = { new() { Name = "deployer", ArgoCdActions = { "get", "sync", "logs", "action/apps/Deployment/restart" } } },
        },
        Rules =
        {
            new()
            {
                Name = "access", Roles = { "on-call" }, Verbs = { "grant" }, Access = { "deployer" }, Applications = { "*" }, Projects = { "*" }, Namespaces = { "shop" }, Clusters = { "*" },
                LongestDuration = TimeSpan.FromHours(2), Approvals = new() { FromRole = "commander" },
            },
        },
    };

    public async Task InitializeAsync()
    {
        if (!KubeApiServer.IsAvailable)
        {
            return;
        }

        server = await KubeApiServer.StartAsync();
        await server.ApplyArgoCdCrdsAsync();
        foreach (var ns in (string[])["argocd", "chatops"])
        {
            await server.RunAsync(KubeUser.Admin, "create", "namespace", ns);
        }

        foreach (var project in Covered.Append("payments"))
        {
            await MakeAsync(project);
        }

        await server.ApplyManifestsAsync("manifests/overlays/single-node/bot");
        await server.ApplyManifestsAsync("manifests/breakglass-argocd");
        var applications = Covered.Select(project => new RbacApplication(new("argocd", "argocd", $"{project}-app"), "production", project, "shop", "production"))
            .Append(new RbacApplication(new("argocd", "argocd", "pay"), "production", "payments", "pay", "production"));
        await server.ApplyAsync(RbacYaml.Write([], projects: RbacProjects.ForRoles(new Rulebook(Policy), [.. applications], [Engine])));
        options = new([Engine], [new ClusterOptions { Name = "production", KubeConfig = server.KubeconfigFor(KubeUser.Bot) }]);
        connections = new(options.Clusters, new FakeTimeProvider(Now));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!(await Access.TermsAsync(Wish("alone"), limit.Token)).Answer.IsOk)
        {
            await Task.Delay(50, limit.Token); // the authorizer learns of the Roles a moment after the answer
        }
    }

    public async Task DisposeAsync()
    {
        connections?.Dispose();
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    public Task MakeAsync(string project, string roles = "null") => Server.ApplyAsync($$"""
        { "apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject", "metadata": { "name": "{{project}}", "namespace": "argocd" },
          "spec": { "sourceRepos": ["*"], "destinations": [{ "namespace": "*", "server": "*" }]{{(roles == "null" ? "" : $", \"roles\": {roles}")}} } }
        """);

    public async Task<JsonObject> ReadAsync(string project)
    {
        using var admin = new ApiCaller(Server, KubeUser.Admin);
        return (JsonObject)JsonNode.Parse((await admin.GetAsync($"{Projects}/{project}")).Body)!;
    }

    public async Task<IReadOnlyList<string>> RolesAsync(string project) =>
        [.. (await ReadAsync(project))["spec"]!["roles"]?.AsArray().Select(role => (string)role!["name"]!) ?? []];

    /// <summary>As somebody with every right, or as Argo CD's own server would.</summary>
    public async Task PatchAsync(string project, string jsonPatch)
    {
        using var admin = new ApiCaller(Server, KubeUser.Admin);
        var answer = await admin.JsonPatchAsync($"{Projects}/{project}", jsonPatch);
        Assert.True(answer.Status == System.Net.HttpStatusCode.OK, answer.Body);
    }

    internal static AccessWish Wish(string project) => new(App(project), Policy.BreakGlass.Roles[0], "alice@login", []);

    /// <summary>A grant with the proof that an approved operation gives.</summary>
    internal async Task<AuthorizedGrant> ApprovedAsync(string project, string subject = "alice@login", DateTimeOffset? endsAt = null)
    {
        var (answer, terms) = await Access.TermsAsync(Wish(project), default);
        Assert.True(answer.IsOk, answer.Sentence);
        Assert.Null(terms!.Obstacle);
        return Approved(terms, project, subject, endsAt);
    }

    internal static AuthorizedGrant Approved(AccessTerms terms, string project, string subject = "alice@login", DateTimeOffset? endsAt = null)
    {
        var operation = Some.Approved(App(project)).Start(Now);
        return new Grant
        {
            Id = Guid.NewGuid(),
            Kind = GrantKind.ArgoCdRole,
            Incident = 7,
            Operation = operation.Operation.Id,
            Person = "alice",
            Subject = subject,
            Role = "deployer",
            Target = App(project).Ref,
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

    private static ApplicationFacts App(string project) => Some.Facts(Some.Application($"{project}-app")) with { Project = project };
}
