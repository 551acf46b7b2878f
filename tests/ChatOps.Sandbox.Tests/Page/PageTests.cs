using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ChatOps.Sandbox.Page;
using ChatOps.Sandbox.Slack;
using ChatOps.Sandbox.Slack.Model;
using Microsoft.AspNetCore.Builder;

namespace ChatOps.Sandbox.Tests.Page;

public sealed class PageTests : IAsyncLifetime
{
    private readonly SimulatedSlack slack = new(new SimulatedSlackOptions());
    private readonly HttpClient http = new();
    private WebApplication host = null!;

    public async Task InitializeAsync()
    {
        host = await LoopbackHost.StartAsync(app =>
        {
            app.MapSlack(slack);
            app.MapPage(slack);
        }, CancellationToken.None);
        http.BaseAddress = new Uri(host.Urls.First());
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await slack.DisposeAsync();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task The_page_loads_nothing_from_elsewhere_and_runs_no_inline_script()
    {
        using var page = await http.GetAsync("/");
        var html = await page.Content.ReadAsStringAsync();

        Assert.Contains("default-src 'none'; script-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("http", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
        Assert.Contains("Simulation.", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_says_on_the_page_is_said_in_the_workspace()
    {
        using var said = await PostAsync("http://" + http.BaseAddress!.Authority);

        Assert.Equal(HttpStatusCode.OK, said.StatusCode);
        Assert.Equal("hello", Assert.Single(slack.Channel(SampleWorkspace.IncidentChannel).Messages).Text);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task Another_web_page_cannot_speak_for_anybody(string? origin)
    {
        using var said = await PostAsync(origin);

        Assert.Equal(HttpStatusCode.Forbidden, said.StatusCode);
        Assert.Empty(slack.Channel(SampleWorkspace.IncidentChannel).Messages);
    }

    [Fact]
    public async Task A_foreign_name_for_this_machine_is_refused_even_for_reading()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sandbox/slack/view?as=U0ALICE");
        request.Headers.Host = "rebound.example";
        using var answer = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task An_ephemeral_message_is_on_one_persons_page_only()
    {
        slack.Workspace.Change(() => slack.Posts.AsUser(slack.Workspace.Channels[SampleWorkspace.IncidentChannel], slack.User("chatops"), "psst", threadTs: null, onlyFor: SampleWorkspace.Alice));

        Assert.Contains("psst", await http.GetStringAsync("/sandbox/slack/view?as=U0ALICE"), StringComparison.Ordinal);
        Assert.DoesNotContain("psst", await http.GetStringAsync("/sandbox/slack/view?as=U0BOB"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slash_command_inside_a_thread_is_explained_and_not_sent()
    {
        using var answer = await PostAsync("http://" + http.BaseAddress!.Authority, "/incident status", thread: "1.2");
        var problem = (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["problem"];

        Assert.Contains("@chatops", problem, StringComparison.Ordinal);
        Assert.Empty(slack.Deliveries);
    }

    private async Task<HttpResponseMessage> PostAsync(string? origin, string text = "hello", string? thread = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sandbox/slack/say")
        {
            Content = JsonContent.Create(new { @as = SampleWorkspace.Alice, channel = SampleWorkspace.IncidentChannel, thread, text }),
        };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return await http.SendAsync(request);
    }
}
