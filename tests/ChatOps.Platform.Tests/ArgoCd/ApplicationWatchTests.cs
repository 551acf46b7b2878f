using ChatOps.Platform.Kubernetes;
using ChatOps.Platform.Tests.Fakes;
using Microsoft.AspNetCore.Http;

namespace ChatOps.Platform.Tests.ArgoCd;

public sealed class ApplicationWatchTests : IAsyncLifetime
{
    private const string Applications = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";
    private FakeKubernetesApi fake = null!;
    private ApiUnderTest api = null!;

    [Theory]
    [InlineData("closed", "")]
    [InlineData("gone", """{"type":"ERROR","object":{"kind":"Status","status":"Failure","message":"too old resource version: 1 (6415)","reason":"Expired","code":410}}""")]
    [InlineData("restarted", """{"type":"ERROR","object":{"kind":"Status","status":"Failure","message":"Too large resource version","reason":"Timeout","code":504}}""")]
    [InlineData("half a line", """{"type":"MODIFIED","obj""")]
    public async Task Whatever_ends_a_watch_a_fresh_list_tells_what_was_missed(string how, string lastWords)
    {
        await MissesNothingAsync(async context =>
        {
            await context.Response.WriteAsync(lastWords);
            if (how == "half a line")
            {
                context.Abort();
            }
        });
    }

    [Theory]
    [InlineData(429)]
    [InlineData(410)]
    [InlineData(500)]
    public async Task A_refused_watch_is_begun_again(int status) => await MissesNothingAsync(context =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(Statuses.Of(status, "Injected", "storage is (re)initializing"));
    });

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
    public async Task An_application_that_vanished_between_two_watches_counts_as_changed()
    {
        fake.Put($"{Applications}/checkout", Some.Application());
        fake.Watches.Enqueue(_ =>
        {
            fake.Delete($"{Applications}/checkout");
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

    private async Task MissesNothingAsync(Func<HttpContext, Task> end)
    {
        fake.Put($"{Applications}/checkout", Some.Application());
        fake.Watches.Enqueue(context =>
        {
            fake.Put($"{Applications}/missed", Some.Application("missed"));
            return end(context);
        });

        Assert.Equal(["checkout", "checkout", "missed"], await TakeAsync(3));
    }

    private async Task<IReadOnlyList<string>> TakeAsync(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var names = new List<string>();
        await foreach (var news in api.Reconciler().WatchAsync(patience.Token))
        {
            names.Add(news.Application.Name);
            if (names.Count == count)
            {
                break;
            }
        }

        return names;
    }
}
