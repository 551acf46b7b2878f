using System.Net;
using ChatOps.Server.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Server.Tests.Health;

public class HealthTests
{
    private readonly FakeTimeProvider time = new(Some.Now);

    private async Task<WebApplication> StartAsync(params ReadinessCheck[] checks)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(time).AddReadiness();
        foreach (var check in checks)
        {
            builder.Services.AddSingleton(check);
        }

        var app = builder.Build();
        app.MapHealth();
        await app.StartAsync();
        return app;
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(WebApplication app, string path = "/health/ready")
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var answer = await client.GetAsync(path);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Everything_that_works_is_ready()
    {
        var pulse = new Pulse(time);
        pulse.Beat();
        await using var app = await StartAsync(
            ReadinessCheck.Recent("storage", () => pulse.Last, TimeSpan.FromSeconds(30), time),
            new ReadinessCheck("chat", _ => ValueTask.FromResult<string?>(null)),
            ReadinessCheck.Backlog(new Books(), TimeSpan.FromMinutes(1), time));

        var (status, body) = await AskAsync(app);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""{"status":"ready","parts":{"server":"ok","storage":"ok","chat":"ok","backlog":"ok"}}""", body);
    }

    [Fact]
    public async Task The_part_that_does_not_work_is_named_and_the_process_stays_live()
    {
        var pulse = new Pulse(time);
        pulse.Beat();
        await using var app = await StartAsync(
            ReadinessCheck.Recent("storage", () => pulse.Last, TimeSpan.FromSeconds(30), time),
            ReadinessCheck.Recent("cluster prod", () => null, TimeSpan.FromSeconds(30), time),
            new ReadinessCheck("chat", _ => ValueTask.FromResult<string?>("Slack is not heard: the token was revoked")),
            ReadinessCheck.Backlog(new Books { Backlog = new(0, 12, TimeSpan.Zero, TimeSpan.FromMinutes(3)) }, TimeSpan.FromMinutes(1), time));
        time.Advance(TimeSpan.FromSeconds(40));

        var (status, body) = await AskAsync(app);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("\"storage\":\"has not worked for 40 seconds\"", body);
        Assert.Contains("\"cluster prod\":\"has not worked since the start\"", body);
        Assert.Contains("\"chat\":\"Slack is not heard: the token was revoked\"", body);
        Assert.Contains("\"backlog\":\"12 posts wait, the oldest for 3 minutes\"", body);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(app, "/health/live")).Status);
    }

    [Fact]
    public async Task A_dead_cluster_or_an_archived_channel_is_named_and_keeps_nobody_out()
    {
        await using var app = await StartAsync(
            new ReadinessCheck("clusters", _ => ValueTask.FromResult<string?>("Cluster prod cannot be reached")) { KeepsPeopleOut = false },
            ReadinessCheck.Backlog(new Books { Backlog = new(0, 1, TimeSpan.Zero, TimeSpan.FromDays(3)) }, TimeSpan.FromMinutes(1), time));

        var (status, body) = await AskAsync(app);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"status\":\"ready, with trouble\"", body);
        Assert.Contains("Cluster prod cannot be reached", body);
        Assert.Contains("1 posts wait", body);
    }

    [Fact]
    public async Task A_part_that_throws_is_not_ready_and_its_message_stays_inside()
    {
        await using var app = await StartAsync(new ReadinessCheck("storage", _ => throw new IOException("secret-host:5432 refused")));

        var (status, body) = await AskAsync(app);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("failed with IOException", body);
        Assert.DoesNotContain("secret-host", body);
    }

    [Fact]
    public async Task Asking_often_asks_the_parts_seldom_and_still_sees_them_change()
    {
        var asked = 0;
        string? wrong = null;
        await using var app = await StartAsync(new ReadinessCheck("clusters", _ =>
        {
            asked++;
            return ValueTask.FromResult(wrong);
        }));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(app)));
        wrong = "shop does not answer";
        Assert.Equal(1, asked);

        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Contains("shop does not answer", (await AskAsync(app)).Body);

        wrong = null;
        time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(app)).Status);
    }

    [Fact]
    public async Task A_part_that_hangs_is_told_to_stop_and_named()
    {
        var given = new TaskCompletionSource<CancellationToken>();
        await using var app = await StartAsync(new ReadinessCheck("clusters", ct =>
        {
            given.SetResult(ct);
            return new(new TaskCompletionSource<string?>().Task);
        }));

        var answer = AskAsync(app);
        var token = await given.Task;
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Contains("\"clusters\":\"does not answer\"", (await answer).Body);
        Assert.True(token.IsCancellationRequested);
    }

    [Fact]
    public async Task It_is_not_ready_from_the_moment_it_is_told_to_stop()
    {
        await using var app = await StartAsync();
        var readiness = app.Services.GetRequiredService<Readiness>();
        Assert.Null((await readiness.LookAsync(CancellationToken.None))["server"]);

        app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.Equal("is stopping", (await readiness.LookAsync(CancellationToken.None))["server"]);
    }
}
