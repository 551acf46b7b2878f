using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;
using ChatOps.Sandbox.ArgoCd;
using ChatOps.Scenarios.World;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Scenarios.Owners;

/// <summary>The shop, its Argo CD under a clock that only the test moves, and the product's reconciler as its bot.</summary>
internal sealed class OwnerWorld : IAsyncDisposable
{
    public const string Argo = "/apis/argoproj.io/v1alpha1/namespaces/argocd";
    private const string Cluster = "shop";
    private const string Definition = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/applications.argoproj.io";
    private const string EnabledField = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/syncPolicy/properties/automated/properties/enabled";
    private static readonly string[] Family = ["platform", "reports"];
    private readonly ClusterApi connection;
    private readonly ArgoCdReconciler reconciler;
    private readonly List<SimulatedArgoCd> controllers;
    private string? knownEnabled;
    private string subject = "";

    private OwnerWorld(FakeTimeProvider time, ShopCluster shop)
    {
        Time = time;
        Shop = shop;
        controllers = [shop.Argo];
        var bot = new ClusterOptions { Name = Cluster, KubeConfig = shop.BotKubeConfig };
        var engine = new ArgoCdOptions { Name = "argocd", Cluster = Cluster };
        connection = new ClusterApi(Cluster, ClusterCredentials.For(bot), bot.RequestTimeout, time);
        reconciler = new(engine, connection, new(engine, connection, new([bot]), time), time);
    }

    public FakeTimeProvider Time { get; }

    public ShopCluster Shop { get; }

    public IReconciler Reconciler => reconciler;

    public static async Task<OwnerWorld> StartAsync(Func<TimeProvider, Task<ShopCluster>> shop)
    {
        // A real API server writes its own times. The fake ones begin so long before them that they have not passed them when an
        // override is made: who wrote a field since is told by its time.
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(-20));
        var world = new OwnerWorld(time, await shop(time));
        await world.PassAsync(TimeSpan.FromSeconds(10));
        return world;
    }

    /// <summary>Who else is in the shop is none of the story's business, and the controller would look after them all the time.</summary>
    public async Task LeaveAloneWithAsync(string application)
    {
        subject = application;
        foreach (var other in (string[])[.. from name in (string[])["catalogue", "checkout", "payments"] where name != application select name, .. application == "reports" ? [] : Family])
        {
            using var freed = await PatchAsync($"{Argo}/applications/{other}", """{"metadata":{"finalizers":null}}""", "application/merge-patch+json");
            using var deleted = await Shop.Admin.DeleteAsync($"{Argo}/applications/{other}");
            Assert.True(deleted.IsSuccessStatusCode, await deleted.Content.ReadAsStringAsync());
        }

        await PassAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Lets time pass, stopping wherever the controller has something to do.</summary>
    public async Task PassAsync(TimeSpan span)
    {
        var end = Time.GetUtcNow() + span;
        while (await SettleAsync() is { } next && next <= end)
        {
            Time.SetUtcNow(next > Time.GetUtcNow() ? next : Time.GetUtcNow());
        }

        Time.SetUtcNow(end);
        await SettleAsync();
    }

    public async Task<JsonObject> ReadAsync(string kind, string name) =>
        await Shop.FindAsync(name.Split('/') is [var ns, var one] ? $"/apis/argoproj.io/v1alpha1/namespaces/{ns}/{kind}/{one}" : $"{Argo}/{kind}/{name}") ?? throw new InvalidOperationException($"There is no {name} among {kind}.");

    public async Task<string?> LiveAsync(string name, string setting) => (string?)(await Shop.FindAsync(ConfigMap(name)))!["data"]![setting];

    /// <summary>An Argo CD before 3.1: its CRD drops the field without a word.</summary>
    public async Task ForgetEnabledAsync()
    {
        var definition = (await Shop.FindAsync(Definition))!;
        knownEnabled = EnabledField.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate((JsonNode)definition, (node, step) => node is JsonArray list ? list[int.Parse(step, CultureInfo.InvariantCulture)]! : node[step]!).ToJsonString();
        await DefineAsync($$"""[{"op":"remove","path":"{{EnabledField}}"}]""", isKnown: false);
    }

    /// <summary>An application in a namespace of its team, which the project admits and the bot's role may patch.</summary>
    public async Task AddElsewhereAsync(string ns, string name)
    {
        var rbac = $"/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}";
        await Shop.AdminPatchesAsync($"{Argo}/appprojects/shop", $$$$"""{"spec":{"sourceNamespaces":["{{{{ns}}}}"]}}""");
        if (await Shop.FindAsync($"/api/v1/namespaces/{ns}") is null)
        {
            await Shop.AdminCreatesAsync("/api/v1/namespaces", $$$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{{ns}}}}"}}""");
            await Shop.AdminCreatesAsync($"{rbac}/roles", $$$$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"on-call","namespace":"{{{{ns}}}}"},"rules":[{"apiGroups":["argoproj.io"],"resources":["applications"],"verbs":["get","patch"]}]}""");
            await Shop.AdminCreatesAsync($"{rbac}/rolebindings", $$$$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"on-call","namespace":"{{{{ns}}}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"on-call"},"subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"chatops:on-call"}]}""");
        }

        var applications = $"/apis/argoproj.io/v1alpha1/namespaces/{ns}/applications";
        using var gone = await Shop.Admin.DeleteAsync($"{applications}/{name}"); // what the scenario before left
        await Shop.AdminCreatesAsync(applications, $$$$"""{"apiVersion":"argoproj.io/v1alpha1","kind":"Application","metadata":{"name":"{{{{name}}}}","namespace":"{{{{ns}}}}"},"spec":{"project":"shop","source":{"repoURL":"{{{{SampleShop.RepoUrl}}}}","path":"{{{{name}}}}","targetRevision":"main"},"destination":{"server":"https://kubernetes.default.svc","namespace":"shop"},"syncPolicy":{"automated":{"prune":true,"selfHeal":true}}} }""");
        controllers.Add(await Shop.LookAfterAsync(ns, Time));
    }

    public Task FixByHandAsync(string name) => Shop.AdminPatchesAsync(ConfigMap(name), """{"data":{"BY_HAND":"yes","CACHE_SECONDS":"1","PAYMENT_MODE":"by-hand"}}""");

    public async Task<ApplicationFacts> FactsAsync(string name)
    {
        var (answer, facts) = await reconciler.InspectAsync(Ref(name), CancellationToken.None);
        return facts ?? throw new InvalidOperationException(answer.Sentence);
    }

    /// <summary>Approved and begun, as the product would; its lease is written.</summary>
    public (AuthorizedOperation Running, Lease Lease) Begin(Plan plan)
    {
        var now = Time.GetUtcNow();
        var running = new Operation
        {
            Id = Guid.CreateVersion7(now),
            Kind = plan.Work.Kind,
            Incident = 7,
            RequestedBy = "alice",
            RequestedByKubernetesName = "alice@example.com",
            RequestedAt = now,
            Reason = "the payment gateway",
            Duration = TimeSpan.FromHours(1),
            Plan = plan,
            Authority = new("pause-shop", "1", "on-call", "chatops:on-call", 0, null, TimeSpan.FromHours(4), false, [], null),
            State = OperationState.Approved,
            StateSince = now,
            RequestExpiresAt = now.AddMinutes(5),
            Lease = Guid.CreateVersion7(now),
        }.Start(now);
        return (running, (plan.Work is BranchWork ? Lease.Switched(running.Operation, now) : Lease.Written(running.Operation, now)).Stored(now));
    }

    /// <summary>Until it is done or refused, as the product carries it on: what is under way is looked at again, an older refresh is waited for.</summary>
    public async Task<ClusterAnswer> DoAsync(AuthorizedOperation running)
    {
        var (answer, asked) = (await AskAsync(running), 1);
        for (; answer.Kind is ClusterAnswerKind.FenceBusy or ClusterAnswerKind.UnderWay && asked < 40; asked++)
        {
            await PassAsync(TimeSpan.FromMilliseconds(500));
            running = answer.Kind == ClusterAnswerKind.UnderWay ? running.Operation.Goes(answer.Sentence).Continue() : running;
            answer = await AskAsync(running);
        }

        return answer;
    }

    public Task<ClusterAnswer> EndAsync(Lease lease)
    {
        var end = lease.End("alice@example.com");
        return lease.Branch is null ? reconciler.EndPauseAsync(end, CancellationToken.None) : reconciler.SwitchBackAsync(end, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (knownEnabled is not null)
        {
            await DefineAsync($$"""[{"op":"add","path":"{{EnabledField}}","value":{{knownEnabled}}}]""", isKnown: true);
        }

        connection.Dispose();
        foreach (var elsewhere in controllers.Where(controller => controller != Shop.Argo))
        {
            await elsewhere.DisposeAsync();
        }

        await Shop.DisposeAsync();
    }

    /// <summary>Returns when the API server goes by it, which takes a moment after the answer.</summary>
    private async Task DefineAsync(string patch, bool isKnown)
    {
        using var answer = await PatchAsync(Definition, patch, "application/json-patch+json");
        using var limit = new CancellationTokenSource(ScenarioWorld.Patience);
        for (var inARow = 0; inARow < 5; inARow++)
        {
            using var tried = await PatchAsync($"{Argo}/applications/{subject}?dryRun=All", """{"spec":{"syncPolicy":{"automated":{"enabled":false}}}}""", "application/merge-patch+json");
            var stored = JsonNode.Parse(await tried.Content.ReadAsStringAsync())!["spec"]!["syncPolicy"]!["automated"]!["enabled"] is not null;
            inARow = stored == isKnown ? inARow : -1;
            await Task.Delay(20, limit.Token);
        }
    }

    private async Task<HttpResponseMessage> PatchAsync(string path, string patch, string type)
    {
        using var content = new StringContent(patch, Encoding.UTF8, new MediaTypeHeaderValue(type));
        var answer = await Shop.Admin.PatchAsync(path, content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer;
    }

    private async Task<ClusterAnswer> AskAsync(AuthorizedOperation running)
    {
        switch (running.Operation.Plan.Work)
        {
            case BranchWork:
                return await reconciler.SwitchAsync(running, CancellationToken.None);
            case RollbackWork when running.Operation.Progress is not null:
                return await reconciler.RollBackAsync(running, CancellationToken.None);
            case RollbackWork:
                var paused = await reconciler.PauseAsync(running, CancellationToken.None);
                return paused.IsOk ? new(ClusterAnswerKind.UnderWay, RollbackWork.StillToBegin) : paused;
            default:
                return await reconciler.PauseAsync(running, CancellationToken.None);
        }
    }

    private async Task<DateTimeOffset?> SettleAsync()
    {
        DateTimeOffset? next = null;
        foreach (var controller in controllers)
        {
            next = await controller.SettleAsync(CancellationToken.None) is { } due && (next is null || due < next) ? due : next;
        }

        return next;
    }

    private static ApplicationRef Ref(string name) => name.Split('/') is [var ns, var one] ? new("argocd", ns, one) : new("argocd", "argocd", name);

    private static string ConfigMap(string name) => $"/api/v1/namespaces/shop/configmaps/{name.Split('/')[^1]}";
}
