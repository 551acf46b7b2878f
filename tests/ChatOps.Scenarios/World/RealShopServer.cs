using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ChatOps.Peers;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Scenarios.World;

/// <summary>One real API server with Argo CD's kinds and ChatOps deployed as its manifests say, for all scenarios that play on it.</summary>
public sealed class RealShopServer : IAsyncLifetime
{
    private static readonly KubeUser AliceOnCall = new("alice@example.com", "alice-token", "shop-oncall");
    private static readonly KubeUser CarolWithoutRights = new("carol@example.com", "carol-token");
    private KubeApiServer? server;
    private AuditRelay? audit;
    private string botToken = "";

    /// <summary>What its audit log tells, on the way to whichever product listens.</summary>
    public AuditRelay Audit => audit ?? throw new InvalidOperationException("There is no real API server here.");

    public KubeApiServer Server => server ?? throw new InvalidOperationException("There is no real API server here.");

    public async Task InitializeAsync()
    {
        if (!KubeApiServer.IsAvailable)
        {
            return;
        }

        audit = await AuditRelay.StartAsync();
        server = await KubeApiServer.StartAsync(audit, AliceOnCall, CarolWithoutRights);
        await Server.ApplyArgoCdCrdsAsync();
        await LetTextsBeEmptyAsync();
        await Server.RunAsync(KubeUser.Admin, "create", "namespace", "argocd");
        await Server.RunAsync(KubeUser.Admin, "create", "configmap", "argocd-cm", "--namespace=argocd");
        await Server.ApplyManifestsAsync("manifests/overlays/single-node/bot");
        await Server.ApplyAsync(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "manifests/authority/argocd.yaml")));
        await Server.ApplyManifestsAsync("manifests/breakglass-cluster");
        await Server.RunAsync(KubeUser.Admin, "create", "namespace", "breakglass-accounts");
        await Server.RunAsync(KubeUser.Admin, "create", "namespace", "shop"); // rbac writes Roles there, before the shop is
        await Server.RunAsync(KubeUser.Admin, "create", "namespace", Access.SeveralNamespaces.Second);
        using var admin = new ApiCaller(Server, KubeUser.Admin);
        var issued = await admin.CreateAsync(
            "/api/v1/namespaces/chatops/serviceaccounts/chatops/token",
            """{ "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": { "expirationSeconds": 7200 } }""");
        botToken = (string)JsonNode.Parse(issued.Body)!["status"]!["token"]!;
    }

    /// <summary>The shop, new, under a clock of the scenario's own.</summary>
    public async Task<ShopCluster> StartShopAsync(TimeProvider time) => await RealShopCluster.StartAsync(this, time);

    /// <summary>And the bot may act on what the parent makes, too.</summary>
    public async Task<ShopCluster> StartShopCoveredAsync(TimeProvider time)
    {
        var shop = await RealShopCluster.StartAsync(this, time);
        await ApplyRightsAsync(RbacYaml.Write([new("shop", "argocd", "chatops:on-call", ["catalogue", "checkout", "payments", "reports", "search"])], windows: [new("shop", "argocd", ["shop"])]), "reports");
        return shop;
    }

    /// <summary>Its Argo CD does nothing but in its <c>SettleAsync</c>, and the bot may act on what others own too.</summary>
    public async Task<ShopCluster> StartShopByHandAsync(TimeProvider time)
    {
        var shop = await RealShopCluster.StartAsync(this, time, byHand: true);
        await ApplyRightsAsync(RbacYaml.Write([new("shop", "argocd", "chatops:on-call", ["checkout", "payments", "reports", "search"])], windows: [new("shop", "argocd", ["shop"])]), "search");
        return shop;
    }

    public HttpClient AdminClient() => Endless(Server.ClientFor(KubeUser.Admin));

    public HttpClient CarolClient() => Endless(Server.ClientFor(CarolWithoutRights));

    public HttpClient AliceClient() => Endless(Server.ClientFor(AliceOnCall));

    /// <summary>With the token of its ServiceAccount that the API server itself issued.</summary>
    public string BotKubeConfig => Server.KubeconfigFor(new KubeUser("system:serviceaccount:chatops:chatops", botToken));

    public HttpMessageHandler TrustingHandler() => new SocketsHttpHandler
    {
        UseProxy = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { Server.Authority },
            },
        },
    };

    /// <summary>Applies what <c>rbac</c> wrote; returns when the authorizer knows it, which takes a moment after the answer.</summary>
    public async Task ApplyRightsAsync(string yaml, string application = "checkout")
    {
        await Server.ApplyAsync(yaml);
        await Server.AuthorizerKnowsAsync();
        using var admin = new ApiCaller(Server, KubeUser.Admin);
        Assert.Contains("\"allowed\":true", await MayAsync(admin, application), StringComparison.Ordinal);
    }

    public async Task DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        if (audit is not null)
        {
            await audit.DisposeAsync();
        }
    }

    private static void LetTextsBeNull(JsonNode? schema)
    {
        if (schema is not JsonObject one)
        {
            return;
        }

        if ((string?)one["type"] == "string")
        {
            one["nullable"] = true;
        }

        foreach (var part in (one["properties"] as JsonObject ?? []).Select(property => property.Value).Append(one["items"]))
        {
            LetTextsBeNull(part);
        }
    }

    /// <summary>
    /// This API server, built by Debian, takes a required empty string for null, and Argo CD writes some: the group of a
    /// ConfigMap in a sync's result, and, where there are several sources, the one source and the type of what is no chart.
    /// </summary>
    private async Task LetTextsBeEmptyAsync()
    {
        var definition = JsonNode.Parse(await Server.RunAsync(KubeUser.Admin, "get", "crd", "applications.argoproj.io", "--output=json"))!;
        var written = definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!;
        LetTextsBeNull(written["operation"]);
        LetTextsBeNull(written["status"]);
        await Server.ApplyAsync(definition.ToJsonString());
        using var admin = new ApiCaller(Server, KubeUser.Admin);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        for (var inARow = 0; inARow < 10; inARow++)
        {
            inARow = (await admin.GetAsync("/apis/argoproj.io/v1alpha1/applications")).Status == HttpStatusCode.OK ? inARow : -1;
            await Task.Delay(50, limit.Token);
        }
    }

    private static async Task<string> MayAsync(ApiCaller admin, string application)
    {
        var answer = await admin.CreateAsync("/apis/authorization.k8s.io/v1/subjectaccessreviews", $$"""
            { "apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": { "user": "chatops:on-call", "resourceAttributes":
              { "group": "argoproj.io", "resource": "applications", "namespace": "argocd", "name": "{{application}}", "verb": "patch" } } }
            """);
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return answer.Body;
    }

    private static HttpClient Endless(HttpClient client)
    {
        client.Timeout = Timeout.InfiniteTimeSpan;
        return client;
    }
}

/// <summary>Scenarios on a real API server take turns: they share it. Those about owners and those about access have some of their own.</summary>
[CollectionDefinition(Name)]
public sealed class RealShopCollection : ICollectionFixture<RealShopServer>
{
    public const string Name = "a real API server";
}

/// <summary>As <see cref="RealShopCollection"/>.</summary>
[CollectionDefinition(Name)]
public sealed class RealShopOfOwners : ICollectionFixture<RealShopServer>
{
    public const string Name = "a real API server for those about owners";
}

/// <summary>As <see cref="RealShopCollection"/>.</summary>
[CollectionDefinition(Name)]
public sealed class RealShopOfRollbacks : ICollectionFixture<RealShopServer>
{
    public const string Name = "a real API server for rollbacks of what is owned";
}

/// <summary>As <see cref="RealShopCollection"/>.</summary>
[CollectionDefinition(Name)]
public sealed class RealShopOfSwitches : ICollectionFixture<RealShopServer>
{
    public const string Name = "a real API server for switches of what is owned";
}

/// <summary>As <see cref="RealShopCollection"/>.</summary>
[CollectionDefinition(Name)]
public sealed class RealShopOfAccess : ICollectionFixture<RealShopServer>
{
    public const string Name = "a real API server for those about access";
}
