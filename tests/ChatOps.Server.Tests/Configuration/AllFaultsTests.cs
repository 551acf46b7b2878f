using ChatOps.Server.Composition;
using ChatOps.Server.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace ChatOps.Server.Tests.Configuration;

/// <summary>Whoever installs it at night must not learn of the next fault only when they have mended the one before.</summary>
public class AllFaultsTests
{
    [Fact]
    public void One_start_tells_the_faults_of_every_section()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Web:PublicUrl"] = "http://chatops.example.org",
            ["Identity:People:0:Name"] = "alice",
            ["Policy:NoSuchThing"] = "1",
            ["Slack:BotToken"] = "xoxp-a-user-s-token-9999",
            ["Slack:SigningSecrets:0"] = "short-9999",
            ["Storage:Provider"] = "Paper",
            ["Clusters:0:Name"] = "prod",
            ["Clusters:0:RequestTimeout"] = "01:00:00",
            ["Channels:0:Slack"] = "#incidents",
            ["Alertmanager:Token"] = "short",
        });

        var message = Assert.Throws<SettingsException>(() => ServerHost.Build(builder)).Message;

        Assert.All(
            ["PublicUrl is plain http", "alice", "Policy", "Slack:BotToken must be the bot token", "Slack:SigningSecrets has an entry shorter", "Storage", "RequestTimeout", "#incidents", "Alertmanager"],
            part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.DoesNotContain("9999", message, StringComparison.Ordinal);
    }
}
