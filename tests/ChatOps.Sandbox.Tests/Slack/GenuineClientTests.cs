using System.Diagnostics;
using System.Globalization;
using ChatOps.Sandbox.Slack;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Tests.Slack;

/// <summary>Slack's own framework (Bolt, with its Web API and Socket Mode clients) lives a small story in the simulated workspace.</summary>
public sealed class GenuineClientTests
{
    private const string Incident = SampleWorkspace.IncidentChannel;

    /// <summary>Not the three seconds of Slack: how fast a busy machine is, is not the subject here.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [OracleFact]
    public Task Bolt_lives_the_story_over_HTTP() => LiveTheStoryAsync(socketMode: false);

    [OracleFact]
    public Task Bolt_lives_the_story_over_Socket_Mode() => LiveTheStoryAsync(socketMode: true);

    private static async Task LiveTheStoryAsync(bool socketMode)
    {
        using var patience = new CancellationTokenSource(Patience);
        var ct = patience.Token;
        await using var slack = await SimulatedSlack.StartAsync(new SimulatedSlackOptions { SocketMode = socketMode, Patience = Patience }, ct);
        using var bolt = Start(slack);
        try
        {
            var port = await ReadyAsync(bolt, ct);
            slack.AppUrl = new Uri($"http://127.0.0.1:{port}");
            var alice = slack.As("alice");

            await alice.CommandAsync("/incident", "declare @bob", Incident);
            var root = await alice.MentionAsync(Incident, threadTs: null, "who is here?");
            var card = await slack.Channel(Incident).WaitForTextAsync("7 people", ct);
            await slack.As("bob").PressAsync(card, "Deny");
            await slack.As("bob").Dialogs.WaitAsync(ct);
            var tooShort = await slack.As("bob").Dialogs.SubmitAsync(new Dictionary<string, string> { ["Reason"] = "no" });
            var taken = await slack.As("bob").Dialogs.SubmitAsync(new Dictionary<string, string> { ["Reason"] = "not now" });
            await slack.Channel(Incident).WaitForTextAsync("denied op-1 by U0BOB: not now", ct);

            Assert.Equal("heard: declare <@U0BOB|bob>", Assert.Single(alice.Ephemerals(Incident)).Text);
            Assert.Equal(root.Ts, card.ThreadTs);
            Assert.Equal("Say more", tooShort.Problems["why"]);
            Assert.True(taken.IsClosed);
            Assert.Empty(slack.Complaints);
        }
        finally
        {
            bolt.StandardInput.Close();
            await bolt.WaitForExitAsync(ct);
        }
    }

    private static Process Start(SimulatedSlack slack) => Process.Start(new ProcessStartInfo("node", "app.mjs")
    {
        UseShellExecute = false,
        WorkingDirectory = OracleFactAttribute.Folder(),
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        Environment =
        {
            ["API_URL"] = slack.ApiBaseUrl.ToString(),
            ["BOT_TOKEN"] = slack.Options.BotToken,
            ["APP_TOKEN"] = slack.Options.AppToken,
            ["SIGNING_SECRET"] = slack.Options.SigningSecret,
            ["SOCKET_MODE"] = slack.Options.SocketMode ? "1" : "",
        },
    })!;

    private static async Task<int> ReadyAsync(Process bolt, CancellationToken ct)
    {
        while (await bolt.StandardOutput.ReadLineAsync(ct) is { } line)
        {
            if (line.StartsWith("READY ", StringComparison.Ordinal))
            {
                return int.Parse(line["READY ".Length..], CultureInfo.InvariantCulture);
            }
        }

        throw new InvalidOperationException("Bolt ended before it was ready.");
    }
}
