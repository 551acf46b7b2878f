using ChatOps.Storage.LiteDb;
using LiteDB;

namespace ChatOps.Server.Tests.Examinations;

/// <summary>Every mistake that a set-up can have is found, and comes with its fix.</summary>
public sealed class DoctorTests(SetUp setUp) : IClassFixture<SetUp>
{
    [Fact]
    public async Task A_good_set_up_has_nothing_to_fix()
    {
        var (exit, said) = await setUp.DoctorAsync();

        Assert.True(exit == 0, said);
        Assert.DoesNotContain("✗", said, StringComparison.Ordinal);
        Assert.All(["Policy", "Identity", "Storage", "Web", "Clusters", "Audit", "Monitoring", "Slack"], group => Assert.Contains($"{group}\n", said, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Slack:BotToken", "xoxb-wrong", "Slack:BotToken is valid: no, invalid_auth", "Slack:BotToken")]
    [InlineData("Slack:BotToken", "xoxp-of-a-person", "Slack:BotToken must be the bot token", "OAuth & Permissions")]
    [InlineData("Slack:BotToken", "xapp-of-the-app", "Slack:BotToken must be the bot token", "OAuth & Permissions")]
    [InlineData("Slack:ApiBaseUrl", "http://127.0.0.1:1/", "Slack:BotToken is valid: not known", "proxy, DNS, certificates")]
    [InlineData("Slack:ApiBaseUrl", "http://slack.example.org/", "Slack:ApiBaseUrl must be an https address", "leave it out")]
    [InlineData("Slack:SigningSecrets:0", null, "Slack needs Slack:SigningSecrets", "Basic Information")]
    [InlineData("Slack:SigningSecrets:0", "short", "shorter than 16 characters", "Basic Information")]
    [InlineData("Slack:AppToken", "xapp-wrong", "Socket Mode can be opened: no, invalid_auth", "connections:write")]
    [InlineData("Slack:AppToken", "xoxb-of-the-bot", "Slack:AppToken must be an app-level token", "Basic Information")]
    [InlineData("Slack:AllowedTeams:0", "Sandbox", "is no workspace id", "ids begin with T")]
    [InlineData("Slack:AllowedTeams:0", "T0OTHER", "the bot's workspace T0SANDBOX is not in Slack:AllowedTeams", "add T0SANDBOX")]
    [InlineData("Policy:Roles:0:Groups:0", "S0NOBODY", "Slack knows no user group S0NOBODY", "correct the group's id")]
    [InlineData("Identity:People:2:Slack:User", "U0NOBODY", "Slack knows no U0NOBODY", "Copy member ID")]
    [InlineData("Identity:People:2:Slack:User", "U0GUEST", "is a guest", "full member")]
    [InlineData("Identity:People:2:Slack:User", "U0OTHERBOT", "is a bot", "only people request and approve")]
    [InlineData("Identity:People:2:Slack:User", "U0STRANGER", "is from another workspace", "Slack:AllowedTeams")]
    [InlineData("Identity:People:2:Slack:User", "@carol", "Slack is not a pair of ids", "Copy member ID")]
    [InlineData("Identity:People:2:Slack:Team", "T0TYPO", "mapped to T0TYPO, which may not command", "Slack:Team of that person")]
    [InlineData("Identity:People:2:Slack:User", "U0BOB", "bob and carol have the account", "One account is one person")]
    [InlineData("Policy:Rules:0:LongestDuration", "soon", "the value at Policy:Rules:0:LongestDuration has the wrong form", "appsettings.example.json")]
    [InlineData("Policy:Rules:0:Approvals:FromRole", "boss", "boss", "Add the role to Policy:Roles")]
    [InlineData("Policy:Roles:1:Groups:1", null, "Rule 'pause-shop' leaves 1 who could approve a request of bob, carol", "Give the approving roles to more people")]
    [InlineData("Web:PublicUrl", "http://chatops.example.org", "Web:PublicUrl is plain http", "Put TLS in front")]
    [InlineData("Channels:0:Slack", "C0PAYMENTS", "the bot is in channel C0PAYMENTS: no, not_in_channel", "/invite @chatops")]
    [InlineData("Channels:0:Slack", "C0NOWHERE", "the bot is in channel C0NOWHERE: no, channel_not_found", "invite the bot")]
    [InlineData("Channels:0:Slack", "#incidents", "is not the id of a channel", "copy the id at the end")]
    [InlineData("Alertmanager:Token", "short", "Alertmanager:Token can be guessed", "openssl rand -hex 32")]
    [InlineData("Signals:PrometheusUrl", "prometheus", "Signals:PrometheusUrl prometheus is not an address", "http://prometheus.monitoring:9090")]
    [InlineData("Signals:PrometheusUrl", "http://127.0.0.1:1", "http://127.0.0.1:1: Prometheus does not answer", "Correct Signals:PrometheusUrl")]
    [InlineData("Policy:BreakGlass:AccountsIn", "breakglass-accounts", "nobody can sign in to fetch a token", "Set up Web:Oidc")]
    [InlineData("Web:Oidc:Authority", "http://127.0.0.1:1", "The identity provider does not say how to sign in", "Set Web:Oidc:Authority to the issuer")]
    [InlineData("Web:Oidc:Authority", "http://login.example.org", "is not an https address", "https://login.example.org/realms/main")]
    [InlineData("Web:PublicUrl", "", "is not scheme and host", "https://chatops.example.org")]
    [InlineData("Web:MetricsUrl", "everywhere", "is not an address to listen on", "http://0.0.0.0:9090")]
    [InlineData("Web:MetricsUrl", "http://198.51.100.7:9090", "cannot be listened on", "address of this machine")]
    [InlineData("Storage:LiteDb:Path", "", "Storage:LiteDb:Path is not set", "Name a file")]
    [InlineData("Storage:LiteDb:Path", "/proc/chatops/chatops.db", "/proc/chatops cannot be written", "Give the folder to the user")]
    [InlineData("Clusters:0:KubeConfig", "/nowhere/kubeconfig", "which is not there", "Mount it there")]
    public async Task A_mistake_in_one_setting_is_found_with_its_fix(string setting, string? value, string what, string fix) =>
        Expect(await setUp.DoctorAsync([.. WhatElseIsNeeded(setting), (setting, value)]), what, fix);

    /// <summary>A section that is there has more than the setting that is wrong in it.</summary>
    private static IEnumerable<(string, string?)> WhatElseIsNeeded(string setting) => setting.Split(':')[..2] switch
    {
        ["Channels", _] => [("Channels:0:Applications:0", "*")],
        ["Web", "Oidc"] => [("Web:Oidc:ClientId", "chatops"), ("Web:Oidc:ClientSecret", "the-client-secret")],
        _ => [],
    };

    [Fact]
    public async Task A_store_of_a_newer_version_is_found_and_left_alone()
    {
        var store = setUp.NewStore();
        LiteDbRecords.Open(store, TimeProvider.System).Dispose();
        using (var file = new LiteDatabase($"Filename={store}"))
        {
            var rows = file.GetCollection("store");
            var row = rows.FindById("store");
            row["schema"] = 1000;
            rows.Update(row);
        }

        var before = await File.ReadAllBytesAsync(store);

        Expect(await setUp.DoctorAsync(("Storage:LiteDb:Path", store)), $"{store} was written by a newer ChatOps (schema 1000", "Run that version or a newer one");
        Assert.Equal(before, await File.ReadAllBytesAsync(store));
    }

    [Fact]
    public async Task A_file_that_is_no_store_is_found_and_left_alone()
    {
        var store = setUp.NewStore();
        await File.WriteAllTextAsync(store, new string('x', 20_000));

        Expect(await setUp.DoctorAsync(("Storage:LiteDb:Path", store)), $"{store} is not a ChatOps store", "restore a backup");
        Assert.Equal(20_000, new FileInfo(store).Length);
    }

    [Fact]
    public async Task Beside_a_running_server_the_store_is_in_use_and_that_is_good()
    {
        var store = setUp.NewStore();
        using var running = LiteDbRecords.Open(store, TimeProvider.System);
        using var metrics = new TakenPort();

        var (exit, said) = await setUp.DoctorAsync(("Storage:LiteDb:Path", store), ("Web:MetricsUrl", metrics.Url));

        Assert.True(exit == 0, said);
        Assert.Contains($"✓ {store} is in use by a running server", said, StringComparison.Ordinal);
        Assert.Contains($"✓ Web:MetricsUrl: {metrics.Url} is in use by the running server", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_another_program_has_is_found()
    {
        using var metrics = new TakenPort();

        Expect(await setUp.DoctorAsync(("Web:MetricsUrl", metrics.Url)), "is in use by another program", "set Web:MetricsUrl to another port");
    }

    internal static void Expect((int Exit, string Said) doctor, string what, string fix)
    {
        Assert.True(doctor.Exit == 1, doctor.Said);
        var lines = doctor.Said.Split('\n');
        var found = Array.FindIndex(lines, line => line.Contains('✗', StringComparison.Ordinal) && line.Contains(what, StringComparison.Ordinal));
        Assert.True(found >= 0, doctor.Said);
        Assert.Contains(fix, lines[found] + lines[found + 1], StringComparison.Ordinal);
    }
}
