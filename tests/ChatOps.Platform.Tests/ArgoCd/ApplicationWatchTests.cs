using System.Collections.Concurrent;
using ChatOps.Platform.Kubernetes;
using ChatOps.Platform.Tests.Fakes;
using Microsoft.AspNetCore.Http;

namespace ChatOps.Platform.Tests.ArgoCd;

public sealed class ApplicationWatchTests : IAsyncLifetime
{
    private const string Applications = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";
    private FakeKubernetesApi fake = null!;
    private ApiUnderTest api = null!;

    /// <summary>None of these says anything about the version: a list of thousands would be read for nothing, just when the server has trouble.</summary>
    [Theory]
    [InlineData("closed", 0)]
    [InlineData("cut", 0)]
    [InlineData("half a line", 0)]
    [InlineData("an error in it", 0)]
    [InlineData("busy in it", 0)]
    [InlineData("refused", 429)]
    [InlineData("refused", 500)]
    [InlineData("refused", 503)]
    [InlineData("refused", 504)]
    [InlineData("refused", 403)]
    public async Task Whatever_else_ends_a_watch_it_goes_on_from_the_last_version_that_it_was_told(string how, int status)
    {
        var from = new List<string?>();
        fake.Put($"{Applications}/checkout", Some.Application());
        fake.Watches.Enqueue(context => SayAsync(context, from, """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"200"}}}""" + "\n"));
        fake.Watches.Enqueue(async context =>
        {
            from.Add(context.Request.Query["resourceVersion"]);
            switch (how)
            {
                case "refused":
                    context.Response.StatusCode = status;
                    await context.Response.WriteAsJsonAsync(Statuses.Of(status, "Injected", "storage is (re)initializing"));
                    return;
                case "cut":
                    await context.Response.Body.FlushAsync();
                    context.Abort();
                    return;
                case "half a line":
                    await context.Response.WriteAsync("""{"type":"MODIFIED","obj""");
                    return;
                case "an error in it":
                    await context.Response.WriteAsync("""{"type":"ERROR","object":{"kind":"Status","status":"Failure","message":"etcdserver: leader changed","reason":"InternalError","code":500}}""" + "\n");
                    return;
                case "busy in it":
                    await context.Response.WriteAsync("""{"type":"ERROR","object":{"kind":"Status","status":"Failure","message":"too many","reason":"TooManyRequests","details":{"retryAfterSeconds":1},"code":429}}""" + "\n");
                    return;
            }
        });
        fake.Watches.Enqueue(context => SayAsync(context, from, Modified("missed", 201), stays: true));

        Assert.Equal(["checkout", "missed"], await TakeAsync(2));
        Assert.Equal(["200", "200"], from.Skip(1));
        Assert.Single(fake.Seen, IsList);
    }

    [Theory]
    [InlineData(410, null)]
    [InlineData(200, """{"type":"ERROR","object":{"kind":"Status","status":"Failure","message":"too old resource version: 1 (6415)","reason":"Expired","code":410}}""")]
    public async Task A_version_that_is_forgotten_begins_with_a_list_that_is_not_older(int status, string? lastWords)
    {
        fake.Put($"{Applications}/checkout", Some.Application());
        fake.Watches.Enqueue(context => SayAsync(context, [], """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"200"}}}""" + "\n"));
        fake.Watches.Enqueue(async context =>
        {
            fake.Put($"{Applications}/missed", Some.Application("missed"));
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(lastWords is null ? Statuses.Of(status, "Expired", "too old").ToJsonString() : lastWords + "\n");
        });

        Assert.Equal(["checkout", "checkout", "missed"], await TakeAsync(3));
        Assert.Equal(["?resourceVersion=0", "?resourceVersion=200&resourceVersionMatch=NotOlderThan"], fake.Seen.Where(IsList).Select(request => request.Query));
    }

    /// <summary>A store that was put back to an older state; one such answer can be a replica that lags behind.</summary>
    [Fact]
    public async Task A_version_of_a_time_that_the_server_does_not_know_begins_with_a_list_after_the_third_time()
    {
        fake.Put($"{Applications}/checkout", Some.Application());
        for (var times = 1; times <= 3; times++)
        {
            var last = times == 3;
            fake.Watches.Enqueue(async context =>
            {
                Assert.Single(fake.Seen, IsList);
                if (last)
                {
                    fake.Put($"{Applications}/missed", Some.Application("missed"));
                }

                await context.Response.WriteAsync("""{"type":"ERROR","object":{"kind":"Status","status":"Failure","message":"Too large resource version: 900, current: 12","reason":"Timeout","code":504}}""" + "\n");
            });
        }

        Assert.Equal(["checkout", "checkout", "missed"], await TakeAsync(3));
        Assert.Equal(2, fake.Seen.Count(IsList));
    }

    [Fact]
    public async Task What_the_server_asks_to_wait_is_waited_and_no_less()
    {
        fake.Put($"{Applications}/checkout", Some.Application());
        fake.Watches.Enqueue(async context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "7";
            await context.Response.WriteAsJsonAsync(Statuses.Of(429, "TooManyRequests", "later"));
        });
        fake.Watches.Enqueue(context => SayAsync(context, [], Modified("checkout", 201), stays: true));
        var time = new Hurried();

        Assert.Equal(["checkout", "checkout"], await TakeAsync(2, time));
        Assert.Contains(time.Waits, wait => wait >= TimeSpan.FromSeconds(7) && wait <= TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task One_namespace_that_is_not_watched_is_named_with_since_when_and_why_and_holds_up_no_other()
    {
        fake.Put($"{Applications}/checkout", Some.Application());
        fake.Faults["GET team-a/applications"] = new("GET") { Status = 403, Once = false };
        fake.Watches.Enqueue(context => SayAsync(context, [], Modified("checkout", 201), stays: true));
        var reconciler = api.Reconciler(new Hurried(), "team-a");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var told = 0;
        await foreach (var news in reconciler.WatchAsync(patience.Token))
        {
            if (++told == 2)
            {
                while (reconciler.Watches[1].Why is null)
                {
                    await Task.Delay(10, patience.Token); // its refusal may come later than both
                }

                break;
            }
        }

        Assert.Equal(("argocd", "argocd", null), (reconciler.Watches[0].Instance, reconciler.Watches[0].Namespace, reconciler.Watches[0].DeadSince));
        Assert.Equal(("team-a", Some.Now), (reconciler.Watches[1].Namespace, reconciler.Watches[1].DeadSince));
        Assert.Contains("may not list applications", reconciler.Watches[1].Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_names_its_application_and_a_bookmark_does_not()
    {
        fake.Put($"{Applications}/checkout", Some.Application());
        fake.Watches.Enqueue(async context =>
        {
            await context.Response.WriteAsync("""
                {"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"200"}}}
                {"type":"ADDED","object":{"metadata":{"name":"new","namespace":"argocd"}}}

                """);
            await context.Response.Body.FlushAsync();
            await Fault.HangAsync(context);
        });

        Assert.Equal(["checkout", "new"], await TakeAsync(2));
    }

    [Fact]
    public async Task A_watch_that_told_how_far_it_was_goes_on_from_there_and_lists_nothing_again()
    {
        fake.Put($"{Applications}/checkout", Some.Application());
        var from = new List<string?>();
        fake.Watches.Enqueue(async context =>
        {
            from.Add(context.Request.Query["resourceVersion"]);
            await context.Response.WriteAsync("""
                {"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"200"}}}

                """);
        });
        fake.Watches.Enqueue(async context =>
        {
            from.Add(context.Request.Query["resourceVersion"]);
            await context.Response.WriteAsync("""
                {"type":"MODIFIED","object":{"metadata":{"name":"checkout","namespace":"argocd","resourceVersion":"201"}}}

                """);
        });
        fake.Watches.Enqueue(async context =>
        {
            from.Add(context.Request.Query["resourceVersion"]);
            await context.Response.WriteAsync("""
                {"type":"MODIFIED","object":{"metadata":{"name":"new","namespace":"argocd","resourceVersion":"202"}}}

                """);
            await Fault.HangAsync(context);
        });

        Assert.Equal(["checkout", "checkout", "new"], await TakeAsync(3));
        Assert.Equal(["200", "201"], from.Skip(1));
    }

    [Fact]
    public async Task An_event_larger_than_any_buffer_comes_whole_and_tells_how_the_application_does()
    {
        fake.Put($"{Applications}/checkout", Some.Application());
        fake.Watches.Enqueue(async context =>
        {
            var large = $$$"""{"type":"MODIFIED","object":{"metadata":{"name":"checkout","namespace":"argocd","resourceVersion":"201"},"spec":{"x":"{{{new string('x', 900_000)}}}"},"status":{"health":{"status":"Degraded"} } } }""";
            await context.Response.WriteAsync(large[..400_000]);
            await context.Response.Body.FlushAsync();
            await context.Response.WriteAsync(large[400_000..] + "\n");
            await context.Response.Body.FlushAsync();
            await Fault.HangAsync(context);
        });
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var news in api.Reconciler().WatchAsync(patience.Token))
        {
            if (news.Vitals?.Health == "Degraded")
            {
                return;
            }
        }
    }

    [Fact]
    public async Task An_application_that_vanished_while_nobody_watched_counts_as_changed()
    {
        fake.Put($"{Applications}/checkout", Some.Application());
        fake.Watches.Enqueue(context =>
        {
            fake.Delete($"{Applications}/checkout");
            context.Response.StatusCode = 410;
            return Task.CompletedTask;
        });

        Assert.Equal(["checkout", "checkout"], await TakeAsync(2));
    }

    public async Task InitializeAsync()
    {
        fake = await FakeKubernetesApi.StartAsync();
        api = new(new ClusterOptions { Name = "production", Server = fake.Url.ToString(), Token = "bot" }, new HttpClient { BaseAddress = fake.Url });
    }

    public async Task DisposeAsync()
    {
        api.Dispose();
        await fake.DisposeAsync();
    }

    private static bool IsList(SeenRequest request) => request.Path == Applications && !request.Query.Contains("watch", StringComparison.Ordinal);

    private static string Modified(string name, int version) => $$$"""{"type":"MODIFIED","object":{"metadata":{"name":"{{{name}}}","namespace":"argocd","resourceVersion":"{{{version}}}"} } }""" + "\n";

    private static async Task SayAsync(HttpContext context, List<string?> from, string events, bool stays = false)
    {
        from.Add(context.Request.Query["resourceVersion"]);
        await context.Response.WriteAsync(events);
        await context.Response.Body.FlushAsync();
        if (stays)
        {
            await Fault.HangAsync(context);
        }
    }

    private async Task<IReadOnlyList<string>> TakeAsync(int count, TimeProvider? time = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var names = new List<string>();
        await foreach (var news in api.Reconciler(time ?? new Hurried()).WatchAsync(patience.Token))
        {
            names.Add(news.Application.Name);
            if (names.Count == count)
            {
                break;
            }
        }

        return names;
    }

    /// <summary>Pauses between tries are noted and pass at once; deadlines of calls are longer and stay.</summary>
    private sealed class Hurried : TimeProvider
    {
        public ConcurrentQueue<TimeSpan> Waits { get; } = new();

        public override DateTimeOffset GetUtcNow() => Some.Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Enqueue(dueTime);
            return base.CreateTimer(callback, state, dueTime < TimeSpan.FromSeconds(9) && dueTime > TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : dueTime, period);
        }
    }
}
