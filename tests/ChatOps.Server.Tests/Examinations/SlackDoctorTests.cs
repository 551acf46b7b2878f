using ChatOps.Chat.Slack;
using ChatOps.Chat.Slack.Setup;
using ChatOps.Core.People;
using ChatOps.Sandbox.Slack;
using ChatOps.Server.Examinations;
using ChatOps.Server.Metrics;
using ChatOps.Storage.LiteDb;

namespace ChatOps.Server.Tests.Examinations;

/// <summary>What can be wrong in the workspace, while every setting is right.</summary>
public sealed class SlackDoctorTests(SetUp setUp) : IClassFixture<SetUp>
{
    private static readonly string[] Needed =
    [
        "app_mentions:read", "channels:history", "chat:write", "commands", "files:write", "groups:history", "im:history", "im:write", "pins:write", "usergroups:read", "users:read",
    ];

    public static TheoryData<string> Scopes => [.. Needed];

    [Theory]
    [Trait("Bug", "18")]
    [MemberData(nameof(Scopes))]
    public async Task A_missing_scope_is_named_with_what_does_not_work_without_it(string scope)
    {
        var all = new SimulatedSlackOptions();
        await using var slack = await SimulatedSlack.StartAsync(all with { Scopes = [.. all.Scopes.Where(granted => granted != scope)] }, CancellationToken.None);

        DoctorTests.Expect(await setUp.DoctorAsync(("Slack:ApiBaseUrl", slack.ApiBaseUrl.ToString())), $"scope {scope} is missing: ", $"add {scope} under \"OAuth & Permissions\"");
    }

    [Fact]
    public async Task The_scope_for_addresses_is_missed_only_where_people_are_recognised_by_them()
    {
        var all = new SimulatedSlackOptions();
        await using var slack = await SimulatedSlack.StartAsync(all with { Scopes = [.. all.Scopes.Where(granted => granted != "users:read.email")] }, CancellationToken.None);

        Assert.DoesNotContain("users:read.email", (await setUp.DoctorAsync(("Slack:ApiBaseUrl", slack.ApiBaseUrl.ToString()))).Said, StringComparison.Ordinal);
        DoctorTests.Expect(
            await setUp.DoctorAsync(("Slack:ApiBaseUrl", slack.ApiBaseUrl.ToString()), ("Identity:Email:Domains:0", "example.com")),
            "scope users:read.email is missing: ",
            "add users:read.email under \"OAuth & Permissions\"");
    }

    [Theory]
    [InlineData(true, "carol is carol@example.com in the clusters, by verified e-mail")]
    [InlineData(false, "Carol Chiba is in the clusters: nobody wrote it down, and their chat account has no confirmed e-mail address of example.com")]
    public async Task Who_somebody_is_by_their_address_is_said(bool confirmed, string said)
    {
        await using var slack = await SimulatedSlack.StartAsync(new SimulatedSlackOptions(), CancellationToken.None);
        slack.Change(slack.User("carol") with { IsEmailConfirmed = confirmed });

        Assert.Contains(said, (await setUp.DoctorAsync(("Slack:ApiBaseUrl", slack.ApiBaseUrl.ToString()), ("Identity:Email:Domains:0", "example.com"), ("Identity:People:2:KubernetesUser", null))).Said, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_scope_that_the_manifest_asks_for_is_tried()
    {
        var asked = SlackManifest.Generate(null, new()).Split('\n').SkipWhile(line => line != "    bot:").Skip(1).TakeWhile(line => line.StartsWith("      - ", StringComparison.Ordinal));

        Assert.Equal(Needed, asked.Select(line => line[8..].Split(" #")[0]));
    }

    [Theory]
    [InlineData("somebody left", "U0CAROL (carol) is deactivated", "take the account out of Identity:People")]
    [InlineData("a group is disabled", "user group S0ONCALL can be read: not known", "enable it in Slack")]
    [InlineData("a group is empty", "user group S0ONCALL has no members", "add people to it in Slack")]
    [InlineData("the clock is slow", "behind that of Slack", "chrony")]
    [InlineData("the clock is fast", "ahead of that of cluster shop", "chrony")]
    [InlineData("the scopes are not told", "Slack did not say what the token may do", "X-OAuth-Scopes")]
    public async Task A_mistake_in_the_world_is_found_with_its_fix(string mistake, string what, string fix)
    {
        await using var slack = await SimulatedSlack.StartAsync(new SimulatedSlackOptions(), CancellationToken.None);
        var clock = TimeProvider.System;
        switch (mistake)
        {
            case "somebody left":
                slack.Change(slack.User("carol") with { Deleted = true });
                break;
            case "a group is disabled":
                slack.Change(slack.Group("on-call") with { Enabled = false });
                break;
            case "a group is empty":
                slack.Change(slack.Group("on-call") with { Users = [] });
                break;
            case "the clock is slow":
                clock = new Skewed(TimeSpan.FromMinutes(-6));
                break;
            case "the clock is fast":
                clock = new Skewed(TimeSpan.FromMinutes(6));
                break;
            default:
                await using (var proxy = await StrippingProxy.StartAsync(slack.ApiBaseUrl))
                {
                    DoctorTests.Expect(await setUp.DoctorAsync(("Slack:ApiBaseUrl", proxy.Url)), what, fix);
                }

                return;
        }

        DoctorTests.Expect(await setUp.DoctorAsync(clock, ("Slack:ApiBaseUrl", slack.ApiBaseUrl.ToString())), what, fix);
    }

    [Fact]
    [Trait("Bug", "18")]
    public async Task What_a_bot_token_cannot_see_is_said_with_where_to_look_and_is_not_called_good()
    {
        var (exit, said) = await setUp.DoctorAsync();

        Assert.True(exit == 0, said);
        Assert.All(
            ["? Whether a slash command arrives cannot be seen with a bot token", "\"Slash Commands\" has /incident, /gitops and /breakglass", "? Whether a press of a button", "\"Interactivity & Shortcuts\" is switched on", "/slack/interactions", "app_mention and message.im", "3 things (?) cannot be seen"],
            words => Assert.Contains(words, said, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Bug", "18")]
    public async Task A_running_server_s_own_numbers_tell_which_of_Slack_s_doors_nobody_came_through()
    {
        var store = setUp.NewStore();
        using var running = LiteDbRecords.Open(store, TimeProvider.System);
        var meters = new Meters();
        await using var listener = new MetricsListener("http://127.0.0.1:0", meters);
        await listener.StartAsync(CancellationToken.None);
        meters.Received(ChatPlatform.Slack, "Commands", "stored");
        meters.Received(ChatPlatform.Slack, "Interactions", "turned away");

        var (exit, said) = await setUp.DoctorAsync(("Storage:LiteDb:Path", store), ("Web:MetricsUrl", listener.Address!.ToString()));

        DoctorTests.Expect((exit, said), "turned away every press of a button", "Copy the Signing Secret");
        Assert.Contains("✓ The running server has received 1 of the kind slash command", said, StringComparison.Ordinal);
        Assert.Contains("? No mention or direct message has arrived since the server started", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Over_the_socket_no_request_URL_is_asked_for()
    {
        var findings = SlackDoors.Look(new SlackOptions { AppToken = "xapp-1" }, new Uri("https://chatops.example.org"), null);

        Assert.All(findings, finding => Assert.DoesNotContain("chatops.example.org", finding.Fix, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_no_page_of_ours_is_no_evidence() =>
        Assert.Null(RunningNumbers.Read("chatops_received_total{platform=\"slack\",door=\"commands\",outcome=\"stored\"} 3\n"));

    private sealed class Skewed(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
