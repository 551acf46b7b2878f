using ChatOps.Core.People;
using ChatOps.Server.Alerts;
using ChatOps.Server.Configuration;
using Microsoft.Extensions.Configuration;

namespace ChatOps.Server.Tests.Configuration;

public class SettingsTests
{
    private static Settings Of(params (string Key, string Value)[] settings) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());

    private static (string, string)[] Good(params (string Key, string Value)[] more) =>
    [
        ("Web:PublicUrl", "https://chatops.example.org"),
        ("Storage:LiteDb:Path", "/data/chatops.db"),
        ("Identity:People:0:Name", "alice"),
        ("Identity:People:0:Slack:Team", "T012AB3C4"),
        ("Identity:People:0:Slack:User", "U012AB3C4"),
        ("Identity:People:0:TimeZone", "Europe/Berlin"),
        .. more,
    ];

    [Fact]
    public void Good_settings_give_the_register_and_keys_beside_the_database()
    {
        var settings = Of(Good());

        var web = settings.Web();
        var register = settings.Identity().ToRegister();

        settings.ThrowIfWrong();
        Assert.Equal("/data/keys", web.DataProtectionPath);
        Assert.Equal("alice", register.Find(new ChatAccount(ChatPlatform.Slack, "T012AB3C4", "U012AB3C4"))!.Name);
    }

    [Fact]
    public void All_faults_of_all_sections_are_told_at_once_each_with_its_fix()
    {
        var settings = Of(
            ("Web:PublicUrl", "http://chatops.example.org"),
            ("Web:MetricsUrl", "http://0.0.0.0:8080"),
            ("Web:Oidc:Authority", "http://login.example.org"),
            ("Identity:People:0:Name", "alice"),
            ("Identity:People:0:Slack:Team", "acme"),
            ("Identity:People:0:Slack:User", "@alice"),
            ("Identity:People:1:Name", "Alice"),
            ("Identity:People:1:TimeZone", "Middle/Earth"),
            ("Identity:People:1:KubernetesUser", "system:admin"));

        settings.Web();
        settings.Identity();

        var message = Assert.Throws<SettingsException>(settings.ThrowIfWrong).Message;
        foreach (var part in new[]
        {
            "PublicUrl is plain http", "MetricsUrl has the port of Web:Urls", "DataProtectionPath is not set", "Oidc:Authority", "Oidc:ClientId", "Oidc:ClientSecret",
            "People:0 (alice):Slack is not a pair of ids", "Copy member ID", "People:1 (Alice) has no chat account", "“Middle/Earth” is not known", "system:admin", "have the name ALICE",
        })
        {
            Assert.Contains(part, message);
        }
    }

    [Fact]
    public void A_token_that_can_be_guessed_and_subjects_and_channels_that_cannot_work_are_told_with_their_fixes()
    {
        var settings = Of(
            ("Alertmanager:Token", "guess me"), ("Alertmanager:Applications:0:Application", "a b"), ("Alertmanager:BelievedFor", "00:00:00"), ("Channels:0:Slack", "#payments"));

        settings.Alertmanager();
        settings.Channels();

        Assert.Equal(6, settings.Faults.Count);
        Assert.All(settings.Faults, fault => Assert.NotEmpty(fault.Fix));
        Assert.DoesNotContain(settings.Faults, fault => fault.What.Contains("guess me", StringComparison.Ordinal));
    }

    [Fact]
    public void One_account_cannot_be_two_people()
    {
        var settings = Of(Good(
            ("Identity:People:1:Name", "bob"),
            ("Identity:People:1:Slack:Team", "T012AB3C4"),
            ("Identity:People:1:Slack:User", "U012AB3C4")));

        settings.Identity();

        Assert.Contains("alice and bob have the account", Assert.Single(settings.Faults).What);
    }

    [Theory]
    [InlineData("*.example.com", "{email}", "Domains does not say whose")]
    [InlineData("", "{email}", "Domains does not say whose")]
    [InlineData("example.com", "admin", "the same user for everybody")]
    [InlineData("example.com", "system:{name}", "is not a person")]
    public void Addresses_that_could_be_anybody_s_are_a_fault(string domain, string user, string what)
    {
        var settings = Of(Good(("Identity:Email:Domains:0", domain), ("Identity:Email:KubernetesUser", user)));

        settings.Identity();

        Assert.Contains(what, Assert.Single(settings.Faults).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelt_setting_is_a_fault_and_not_a_default()
    {
        var settings = Of(Good(("Web:Oicd:ClientId", "chatops")));

        settings.Web();

        Assert.Contains("Oicd", Assert.Single(settings.Faults).What);
    }

    [Fact]
    public void A_value_of_the_wrong_form_is_named_by_its_setting_and_not_quoted()
    {
        var settings = Of(Good(("Web:Oidc:Matches", "hunter2-was-pasted-here")));

        settings.Web();

        var what = Assert.Single(settings.Faults).What;
        Assert.Contains("Web:Oidc:Matches", what);
        Assert.DoesNotContain("hunter2", what);
    }

    [Fact]
    public void Mounted_secrets_win_over_the_mounted_file_and_the_environment_wins_over_both()
    {
        var directory = Directory.CreateTempSubdirectory("chatops-config-");
        var file = Path.Combine(directory.FullName, "mounted.json");
        File.WriteAllText(file, """{"A":"file","B":"file","C":"file"}""");
        var secrets = directory.CreateSubdirectory("secrets").FullName;
        File.WriteAllText(Path.Combine(secrets, "B"), "secret\n");
        File.WriteAllText(Path.Combine(secrets, "C"), "secret");
        File.WriteAllText(Path.Combine(secrets, "Slack__BotToken"), "token\n");
        File.WriteAllText(Path.Combine(directory.FullName, "own.json"), """{"A":"own","D":"own"}""");
        var configuration = new ConfigurationManager();
        configuration.AddJsonFile(Path.Combine(directory.FullName, "own.json")).AddInMemoryCollection([new("C", "environment")]);

        configuration.AddMountedFiles(file, secrets);

        Assert.Equal(["file", "secret", "environment", "own", "token"], new[] { "A", "B", "C", "D", "Slack:BotToken" }.Select(key => configuration[key]));
        directory.Delete(recursive: true);
    }

    [Fact]
    public void A_file_that_was_asked_for_must_be_there()
    {
        Assert.Throws<SettingsException>(() => new ConfigurationManager().AddMountedFiles("/nowhere/appsettings.json", null));
        Assert.Throws<SettingsException>(() => new ConfigurationManager().AddMountedFiles(null, "/nowhere/secrets"));
    }
}
