using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd.Diffs;
using ChatOps.Platform.Kubernetes;
using ChatOps.Platform.Tests.Fakes;
using Microsoft.AspNetCore.Http;

namespace ChatOps.Platform.Tests.ArgoCd.Diffs;

/// <summary>What hands change and Argo CD takes back is told from the versions in between, and nothing else is.</summary>
public sealed class HandsWatchTests : IAsyncLifetime
{
    private const string Configs = "/api/v1/namespaces/shop/configmaps";
    private static readonly ApplicationRef Checkout = new("argocd", "argocd", "checkout");
    private readonly CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
    private readonly Channel<string> events = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FakeKubernetesApi fake = null!;
    private ClusterApi cluster = null!;
    private HashSet<ApplicationRef> scope = [Checkout];

    [Fact]
    public async Task What_stood_for_one_version_is_told_with_its_value_and_the_command_and_when_it_went()
    {
        Serve(("", "ConfigMap", "checkout"));
        Say("ADDED", Config("slow"));
        Say("MODIFIED", Config("fast", "kubectl-edit", second: 3));
        Say("MODIFIED", Config("slow", second: 4));

        var taken = Assert.Single(await TakeAsync(1));

        Assert.Equal(Checkout, taken.Application);
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 9, 0, 4, TimeSpan.Zero), taken.At);
        var field = Assert.Single(taken.Hands.Fields);
        Assert.Equal(("/data/MODE", "slow", "fast", "kubectl-edit"), (field.Path, field.Git, field.Live, field.By));
        Assert.Contains("kubectl patch configmap checkout --namespace shop", taken.Hands.PutBack, StringComparison.Ordinal);
        Assert.Contains("\"fast\"", taken.Hands.PutBack, StringComparison.Ordinal);
    }

    /// <summary>Each ends with a change of hands that is taken back: had the one before been told, it would come first.</summary>
    [Theory]
    [InlineData("a controller's")]
    [InlineData("hands undid it")]
    [InlineData("hands wrote over it")]
    [InlineData("Git says so by now")]
    [InlineData("another object")]
    public async Task What_is_not_taken_from_hands_is_not_told(string how)
    {
        Serve(("", "ConfigMap", "checkout"));
        Say("ADDED", Config("slow"));
        Say("MODIFIED", Config("early", how == "a controller's" ? "my-operator" : "kubectl-edit", second: 1, name: how == "another object" ? "elsewhere" : "checkout"));
        Say("MODIFIED", how switch
        {
            "hands undid it" => Config("slow", "kubectl-edit", second: 2),
            "hands wrote over it" => Config("later", "kubectl-edit", second: 2),
            "Git says so by now" => Config("early", second: 2, git: "early"), // applied by the server, which makes Argo CD an owner too
            "another object" => Config("slow", second: 2, name: "elsewhere"),
            _ => Config("slow", second: 2),
        });
        Say("MODIFIED", Config("slow", second: 3));
        Say("MODIFIED", Config("fast", "kubectl-edit", second: 4));
        Say("MODIFIED", Config("slow", second: 5));

        var taken = Assert.Single(await TakeAsync(1));

        Assert.Equal(how == "hands wrote over it" ? "later" : "fast", Assert.Single(taken.Hands.Fields).Live);
    }

    /// <summary>Made again it is another object: only what hands did to that one can be taken back.</summary>
    [Fact]
    public async Task What_went_with_its_object_was_not_taken_back()
    {
        Serve(("", "ConfigMap", "checkout"));
        Say("ADDED", Config("slow"));
        Say("MODIFIED", Config("fast", "kubectl-edit", second: 3));
        Say("DELETED", Config("fast", "kubectl-edit", second: 3));
        Say("ADDED", Config("slow", second: 4));
        Say("MODIFIED", Config("faster", "kubectl-edit", second: 5));
        Say("MODIFIED", Config("slow", second: 6));

        Assert.Equal("faster", Assert.Single(Assert.Single(await TakeAsync(1)).Hands.Fields).Live);
    }

    [Fact]
    public async Task What_looks_secret_is_shown_nowhere_and_put_back_by_no_command()
    {
        Serve(("", "ConfigMap", "checkout"));
        Say("ADDED", Config("slow", key: "DB_PASSWORD"));
        Say("MODIFIED", Config("hunter22", "kubectl-edit", second: 3, key: "DB_PASSWORD"));
        Say("MODIFIED", Config("slow", second: 4, key: "DB_PASSWORD"));

        var taken = Assert.Single(await TakeAsync(1));

        Assert.DoesNotContain("hunter22", JsonSerializer.Serialize(taken), StringComparison.Ordinal);
        Assert.Equal(NoWayBack.Secret, Assert.Single(taken.Hands.Fields).NoWay);
    }

    [Fact]
    public async Task One_watch_for_each_kind_and_namespace_and_none_of_secrets_or_of_kinds_that_are_not_read()
    {
        Serve(("", "Secret", "checkout"), ("", "ConfigMap", "checkout"), ("", "ConfigMap", "beside"), ("example.com", "ConfigMap", "other"), ("apps", "Deployment", "checkout"));
        fake.Put("/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/search", Application("search", ("", "ConfigMap", "search"), ("", "Secret", "search")));
        scope = [Checkout, Checkout with { Name = "search" }];
        fake.Watches.Enqueue(Fault.HangAsync);
        fake.Watches.Enqueue(Fault.HangAsync);
        fake.Watches.Enqueue(Fault.HangAsync);

        await WhileReadingAsync(async _ =>
        {
            await UntilAsync(() => Watched().Count >= 2);
            await Task.Delay(TimeSpan.FromSeconds(1.5)); // the next round of the loop begins nothing more
        });

        Assert.Equal([Configs, "/apis/apps/v1/namespaces/shop/deployments"], Watched().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_watch_ends_when_nobody_asks_for_the_application_any_more()
    {
        Serve(("", "ConfigMap", "checkout"));
        await WhileReadingAsync(async _ =>
        {
            await UntilAsync(() => Watched().Count == 1);
            scope = [];
            await ended.Task.WaitAsync(patience.Token);
        });
    }

    [Fact]
    public async Task What_may_not_be_watched_is_not_tried_and_is_named()
    {
        Serve(("", "ConfigMap", "checkout"), ("apps", "Deployment", "checkout"));
        fake.Faults["POST"] = new("POST")
        {
            Status = 201,
            Once = false,
            Body = (JsonObject)JsonNode.Parse("""{"status":{"incomplete":false,"resourceRules":[{"verbs":["get"],"apiGroups":["*"],"resources":["*"]},{"verbs":["watch"],"apiGroups":["apps"],"resources":["deployments"]}]}}""")!,
        };

        await WhileReadingAsync(async watch =>
        {
            await UntilAsync(() => Watched().Count == 1);
            await UntilAsync(() => watch.NotWatched.Count == 1);
            Assert.Contains("I may not watch ConfigMap in namespace shop of production", watch.NotWatched[0], StringComparison.Ordinal);
        });

        Assert.Equal(["/apis/apps/v1/namespaces/shop/deployments"], Watched());
    }

    [Fact]
    public async Task No_more_than_a_hundred_at_a_time_and_which_are_left_out_is_said()
    {
        fake.Put("/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/checkout", Application("checkout", [.. Enumerable.Range(0, 103).Select(number => ("", "ConfigMap", $"ns-{number:000}/all"))]));

        await WhileReadingAsync(async watch =>
        {
            await UntilAsync(() => Watched().Count == 100 && watch.NotWatched.Count == 1);
            Assert.Contains("Not these: ConfigMap in namespace ns-100 of production; ", watch.NotWatched[0], StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_watch_that_was_cut_goes_on_and_misses_no_version()
    {
        var from = new List<string?>();
        fake.Put("/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/checkout", Application("checkout", ("", "ConfigMap", "checkout")));
        fake.Watches.Enqueue(async context =>
        {
            from.Add(context.Request.Query["resourceVersion"]);
            await context.Response.WriteAsync(Event("ADDED", Config("slow")) + Event("MODIFIED", Config("fast", "kubectl-edit", second: 3)) + """{"type":"MODIF""");
        });
        fake.Watches.Enqueue(async context =>
        {
            from.Add(context.Request.Query["resourceVersion"]);
            await context.Response.WriteAsync(Event("MODIFIED", Config("slow", second: 4)));
            await context.Response.Body.FlushAsync();
            await Fault.HangAsync(context);
        });

        Assert.Equal("fast", Assert.Single(Assert.Single(await TakeAsync(1)).Hands.Fields).Live);
        Assert.Equal([null, "103"], from);
    }

    public async Task InitializeAsync()
    {
        fake = await FakeKubernetesApi.StartAsync();
        cluster = new ClusterApi("production", ClusterCredentials.For(new ClusterOptions { Name = "production", Server = fake.Url.ToString(), Token = "bot" }), TimeSpan.FromSeconds(30), TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        cluster.Dispose();
        await fake.DisposeAsync();
        patience.Dispose();
    }

    private void Serve(params (string Group, string Kind, string Name)[] resources)
    {
        fake.Put("/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/checkout", Application("checkout", resources));
        fake.Watches.Enqueue(async context =>
        {
            await context.Response.Body.FlushAsync();
            try
            {
                await foreach (var line in events.Reader.ReadAllAsync(context.RequestAborted))
                {
                    await context.Response.WriteAsync(line, context.RequestAborted);
                    await context.Response.Body.FlushAsync(context.RequestAborted);
                }
            }
            catch (OperationCanceledException)
            {
                ended.TrySetResult();
            }
        });
    }

    private void Say(string type, JsonObject config) => events.Writer.TryWrite(Event(type, config));

    private static string Event(string type, JsonObject config) => new JsonObject { ["type"] = type, ["object"] = config }.ToJsonString() + "\n";

    private List<string> Watched() => [.. fake.Seen.Where(request => request.Query.Contains("watch=true", StringComparison.Ordinal)).Select(request => request.Path)];

    private HandsWatch Watch() => new(cluster, new([]), name => name == "production" ? cluster : null, TimeProvider.System);

    private async Task<IReadOnlyList<HandsTaken>> TakeAsync(int count)
    {
        var all = new List<HandsTaken>();
        await foreach (var taken in Watch().ReadAsync(() => scope, patience.Token))
        {
            all.Add(taken);
            if (all.Count == count)
            {
                break;
            }
        }

        return all;
    }

    private async Task WhileReadingAsync(Func<HandsWatch, Task> look)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
        var watch = Watch();
        var reading = Task.Run(async () =>
        {
            await foreach (var _ in watch.ReadAsync(() => scope, ending.Token))
            {
                Assert.Fail("nothing was taken back");
            }
        });
        await look(watch);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private static JsonObject Application(string name, params (string Group, string Kind, string Name)[] resources)
    {
        var application = Some.Application(name);
        application["status"]!["resources"] = new JsonArray([.. resources.Select(resource => new JsonObject
        {
            ["group"] = resource.Group,
            ["version"] = "v1",
            ["kind"] = resource.Kind,
            ["namespace"] = resource.Name.Contains('/', StringComparison.Ordinal) ? resource.Name.Split('/')[0] : "shop",
            ["name"] = resource.Name.Split('/')[^1],
        })]);
        return application;
    }

    /// <param name="manager">Whose the value is; Argo CD's where nobody else is named.</param>
    private static JsonObject Config(string value, string manager = "argocd-controller", int second = 0, string name = "checkout", string git = "slow", string key = "MODE")
    {
        const string annotation = "kubectl.kubernetes.io/last-applied-configuration";
        var applied = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "shop" }, ["data"] = new JsonObject { [key] = git } };
        JsonObject Entry(string by, int at, string fields) => new() { ["manager"] = by, ["operation"] = "Update", ["time"] = $"2026-11-23T09:00:{at:00}Z", ["fieldsV1"] = JsonNode.Parse(fields) };
        return new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = "shop",
                ["resourceVersion"] = $"{100 + second}",
                ["annotations"] = new JsonObject { [annotation] = applied.ToJsonString() },
                ["managedFields"] = new JsonArray(
                    Entry("argocd-controller", 0, $$"""{"f:metadata":{"f:annotations":{"f:{{annotation}}":{} } } }"""),
                    Entry(manager, second, $$"""{"f:data":{"f:{{key}}":{} } }""")),
            },
            ["data"] = new JsonObject { [key] = value },
        };
    }
}
