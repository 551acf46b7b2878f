using System.Runtime.CompilerServices;
using ChatOps.Chat.Slack;
using ChatOps.Chat.Slack.Setup;
using ChatOps.Core;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChatOps.Chat.Tests.Slack;

public sealed class SlackSetupTests
{
    [Fact]
    public void Without_its_section_Slack_is_not_there()
    {
        var services = new ServiceCollection().AddSlack(new ConfigurationBuilder().Build());

        Assert.Empty(services);
    }

    [Fact]
    public void Every_mistake_is_told_at_once_with_its_fix_and_without_the_secret()
    {
        var problems = Validate(new()
        {
            ["Slack:BotToken"] = "xapp-not-a-bot",
            ["Slack:AppToken"] = "xoxb-not-an-app",
            ["Slack:SigningSecrets:0"] = "short-secret",
            ["Slack:ApiBaseUrl"] = "http://slack.example.com/",
            ["Slack:AllowedTeams:0"] = "myteam",
            ["Slack:Commands:Incident"] = "Incident!",
            ["Slack:Commands:Gitops"] = "/gitops",
            ["Slack:Commands:Breakglass"] = "/gitops",
            ["Slack:SigningSecret"] = "not-a-setting-of-ours",
        });

        Assert.Equal(8, problems.Count);
        Assert.DoesNotContain(problems, problem => problem.Contains("not-a", StringComparison.Ordinal) || problem.Contains("short-secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_secret_or_a_team_nothing_starts()
    {
        var problems = Validate(new() { ["Slack:BotToken"] = "xoxb-1" });

        Assert.Contains(problems, problem => problem.Contains("Slack:SigningSecrets", StringComparison.Ordinal) && problem.Contains("Slack:AppToken", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("Slack:AllowedTeams", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("manifest.yaml", "https://chatops.example.com")]
    [InlineData("manifest-socket.yaml", null)]
    public void The_manifest_in_the_repository_is_what_the_code_needs(string file, string? publicUrl)
    {
        var path = Path.Combine(Root(), "manifests", "slack", file);
        var manifest = SlackManifest.Generate(publicUrl is null ? null : new(publicUrl), new());
        if (Environment.GetEnvironmentVariable("CHATOPS_GOLDEN") == "write")
        {
            File.WriteAllText(path, manifest);
        }

        Assert.Equal(File.ReadAllText(path), manifest);
    }

    [Fact]
    public void The_manifest_names_commands_as_the_workspace_does() =>
        Assert.Contains("command: /inc\n", SlackManifest.Generate(null, new() { Commands = new() { Incident = "/inc" } }), StringComparison.Ordinal);

    [Fact]
    public async Task A_good_set_up_has_no_finding_to_fix()
    {
        await using var host = await HostAsync();

        Assert.All(await CheckAsync(host), finding => Assert.True(finding.Ok, finding.What));
    }

    [Fact]
    public async Task A_revoked_token_is_the_only_thing_to_fix_first()
    {
        await using var host = await HostAsync();
        host.Slack.On("auth.test", _ => FakeSlack.Error("token_revoked"));

        var finding = Assert.Single(await CheckAsync(host));

        Assert.False(finding.Ok);
        Assert.Contains("reinstall", finding.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_other_mistake_is_found_and_comes_with_its_fix()
    {
        await using var host = await HostAsync(scopes: "chat:write,commands", team: "T2");
        host.Slack.On("apps.connections.open", _ => FakeSlack.Error("not_allowed_token_type"));
        host.Slack.On("users.info", _ => FakeSlack.Ok(new() { ["user"] = FakeSlack.User("U1", user => user["deleted"] = true) }));
        host.Slack.On("usergroups.users.list", _ => FakeSlack.Error("no_such_subteam"));
        host.Slack.On("conversations.history", _ => FakeSlack.Error("not_in_channel"));

        var problems = (await CheckAsync(host)).Where(finding => !finding.Ok).ToList();

        Assert.All(["T2", "pins:write", "Socket Mode", "deactivated", "S1", "C1: no, not_in_channel"], word => Assert.Contains(problems, problem => problem.What.Contains(word, StringComparison.Ordinal)));
        Assert.DoesNotContain(problems, problem => problem.What.Contains("chat:write", StringComparison.Ordinal));
        Assert.All(problems, problem => Assert.NotEmpty(problem.Fix));
    }

    [Fact]
    public async Task Somebody_mapped_to_a_workspace_that_may_not_command_is_found_although_Slack_knows_their_id()
    {
        await using var host = await HostAsync();

        var findings = await host.Services.GetRequiredService<SlackDoctor>().CheckAsync([new ChatAccount(ChatPlatform.Slack, "T0TYPO", "U1")], [], [], readsEmails: false, CancellationToken.None);

        Assert.Contains(findings, finding => !finding.Ok && finding.What.Contains("T0TYPO", StringComparison.Ordinal) && finding.Fix.Contains("Identity:People", StringComparison.Ordinal));
    }

    private static Task<IReadOnlyList<Finding>> CheckAsync(SlackHost host) =>
        host.Services.GetRequiredService<SlackDoctor>().CheckAsync([new ChatAccount(ChatPlatform.Slack, "T1", "U1")], ["S1"], ["C1"], readsEmails: false, CancellationToken.None);

    private static async Task<SlackHost> HostAsync(string? scopes = null, string team = "T1")
    {
        var host = await SlackHost.StartAsync(new() { ["Slack:AppToken"] = "xapp-1" });
        host.Slack.On("auth.test", (_, http) =>
        {
            http.Response.Headers.Date = host.Time.GetUtcNow().ToString("R");
            http.Response.Headers["X-OAuth-Scopes"] = scopes ?? string.Join(',', SlackScopes.Bot.Select(scope => scope.Scope));
            return FakeSlack.Ok(new() { ["team_id"] = team });
        });
        host.Slack.On("apps.connections.open", _ => FakeSlack.Ok(new() { ["url"] = $"ws://{host.Slack.Url.Authority}/no-link" }));
        host.Slack.On("usergroups.users.list", _ => FakeSlack.Ok(new() { ["users"] = new System.Text.Json.Nodes.JsonArray("U1") }));
        host.Slack.On("conversations.history", _ => FakeSlack.Ok(new() { ["messages"] = new System.Text.Json.Nodes.JsonArray() }));
        return host;
    }

    private static List<string> Validate(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using var provider = new ServiceCollection().AddSlack(configuration).BuildServiceProvider();
        return [.. Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<SlackOptions>>().Value).Failures];
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
