using System.Runtime.CompilerServices;
using ChatOps.Core.Looking;
using ChatOps.Server.CommandLine;
using ChatOps.Server.Composition;
using ChatOps.Server.Configuration;
using ChatOps.Storage.LiteDb;
using Microsoft.Extensions.Configuration;

namespace ChatOps.Server.Tests.CommandLine;

/// <summary>The commands with what is really behind them, on a machine where not everything is there yet.</summary>
public sealed class ServerCommandsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("chatops-cli-").FullName;
    private readonly StringWriter said = new();
    private readonly StringWriter complained = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("help", 0)]
    [InlineData("docktor", 2)]
    [InlineData("serve now", 2)]
    public async Task What_needs_no_settings_answers_without_any(string words, int code)
    {
        await using var commands = new ServerCommands(() => throw new InvalidOperationException("built"), () => throw new InvalidOperationException("built"), TimeProvider.System);

        Assert.Equal(code, await RunAsync(commands, words));
    }

    [Fact]
    public async Task Every_command_that_a_runbook_names_is_there()
    {
        await using var commands = new ServerCommands(() => throw new InvalidOperationException("built"), () => throw new InvalidOperationException("built"), TimeProvider.System);
        var named = Runbook.All.SelectMany(runbook => runbook.Commands).Where(command => command.StartsWith("ChatOps.Server ", StringComparison.Ordinal)).Select(command => command["ChatOps.Server ".Length..]).ToList();

        Assert.NotEmpty(named);
        Assert.All(named, words => Assert.Contains(commands.All, command => words == command.Name || words.StartsWith(command.Name + " ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("rbac")]
    [InlineData("doctor")]
    [InlineData("serve")]
    public async Task Settings_that_cannot_be_read_are_a_sentence_and_no_stack_trace(string words)
    {
        await using var commands = new ServerCommands(() => throw Wrong(), () => throw Wrong(), TimeProvider.System);

        Assert.Equal(1, await RunAsync(commands, words));
        Assert.Contains("CHATOPS_CONFIG names", complained.ToString() + said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ChatOps", complained.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_shipped_policy_is_checked_without_a_cluster_a_token_or_a_volume()
    {
        await using var commands = Commands([]);

        Assert.Equal(1, await RunAsync(commands, "policy check"));

        // All it misses is whom to ask; the policy itself is good.
        Assert.Contains("Who holds which role cannot be asked: Slack:BotToken", said.ToString(), StringComparison.Ordinal);
        Assert.Single(said.ToString().Split('\n'), line => line.TrimStart().StartsWith('✗'));
    }

    [Fact]
    public async Task Doctor_names_every_part_that_is_set_up_wrongly_at_once()
    {
        await using var commands = Commands(new()
        {
            ["Policy:Roles:0:KubernetesUser"] = "admin",
            ["Identity:People:0:Slack:User"] = "@alice",
            ["Web:PublicUrl"] = "http://chatops.example.com",
            ["Clusters:0:KubeConfig"] = "/nowhere/kubeconfig",
        });

        Assert.Equal(1, await RunAsync(commands, "doctor"));

        Assert.All(
            ["acts as 'admin'", "Slack is not a pair of ids", "Web:PublicUrl is plain http", "/nowhere/kubeconfig", "Slack:BotToken"],
            fault => Assert.Contains(fault, said.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Doctor_notices_an_address_that_was_left_as_shipped()
    {
        await using var commands = Commands([]);

        Assert.Equal(1, await RunAsync(commands, "doctor"));
        Assert.Contains("✗ Web:PublicUrl is still the example's", said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_is_not_content_when_there_is_nobody_to_talk_to()
    {
        await using var commands = new ServerCommands(
            () => throw Wrong(), () => CommandServices.Build(new ConfigurationBuilder().Build(), TimeProvider.System), TimeProvider.System);

        Assert.Equal(1, await RunAsync(commands, "doctor"));
        Assert.Contains("No chat system is configured", said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_is_verified_without_chat_and_without_a_cluster()
    {
        var store = Path.Combine(folder, "chatops.db");
        LiteDbRecords.Open(store, TimeProvider.System).Dispose();
        await using var commands = Commands(new() { ["Storage:LiteDb:Path"] = store });

        Assert.Equal(0, await RunAsync(commands, "audit verify"));
        Assert.Contains("There is no record to verify", said.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A record that is not there must not verify: nothing would be wrong in it.</summary>
    [Theory]
    [InlineData("audit verify")]
    [InlineData("incident export 1")]
    public async Task A_store_that_is_not_where_the_settings_say_is_said_and_not_made(string words)
    {
        var store = Path.Combine(folder, "mistyped.db");
        await using var commands = Commands(new() { ["Storage:LiteDb:Path"] = store });

        Assert.Equal(1, await RunAsync(commands, words));
        Assert.Contains($"There is no store at {store}", complained.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    /// <summary>Who makes the app has no token of it yet.</summary>
    [Theory]
    [InlineData("doctor --slack-manifest", "url: https://chatops.example.org/slack/commands", "socket_mode_enabled: false")]
    [InlineData("doctor --slack-manifest socket", "command: /inc", "socket_mode_enabled: true")]
    public async Task The_manifest_of_Slacks_app_has_the_names_and_the_address_of_the_settings(string words, string holds, string mode)
    {
        await using var commands = Commands(new() { ["Slack:Commands:Incident"] = "/inc", ["Web:PublicUrl"] = "https://chatops.example.org" });

        Assert.Equal(0, await RunAsync(commands, words));
        Assert.All(["command: /inc\n", "command: /gitops\n", holds, mode], part => Assert.Contains(part, said.ToString(), StringComparison.Ordinal));
    }

    private static SettingsException Wrong() => new([new(false, "CHATOPS_CONFIG names /nowhere", "Mount it there.")]);

    private static ServerCommands Commands(Dictionary<string, string?> changes) => new(
        () => throw new InvalidOperationException("only serve needs the server"),
        () => CommandServices.Build(new ConfigurationBuilder().AddJsonFile(Shipped()).AddInMemoryCollection(changes).Build(), TimeProvider.System),
        TimeProvider.System);

    private static string Shipped([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "manifests", "base", "appsettings.json"));

    private Task<int> RunAsync(ServerCommands commands, string words) =>
        new Cli(commands.All).RunAsync(words.Split(' '), new Output(said, complained), CancellationToken.None);
}
