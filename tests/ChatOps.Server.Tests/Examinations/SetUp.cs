using System.Text.Json.Nodes;
using ChatOps.Sandbox.ArgoCd;
using ChatOps.Sandbox.Slack;
using ChatOps.Sandbox.World;
using ChatOps.Server.CommandLine;
using ChatOps.Server.Composition;
using Microsoft.Extensions.Configuration;

namespace ChatOps.Server.Tests.Examinations;

/// <summary>A set-up in which everything is right, for a test to spoil one thing of; cluster and Slack answer over HTTP.</summary>
public sealed class SetUp : IAsyncLifetime
{
    private const string Bot = "bot-as-it-should-be";

    public SampleShop Shop { get; private set; } = null!;

    public SimulatedSlack Slack { get; private set; } = null!;

    public string Folder { get; } = Directory.CreateTempSubdirectory("chatops-doctor-tests-").FullName;

    public async Task InitializeAsync()
    {
        Shop = await SampleShop.StartAsync(TimeProvider.System, CancellationToken.None, byHand: true);
        Slack = await SimulatedSlack.StartAsync(new SimulatedSlackOptions(), CancellationToken.None);
        Shop.Server.AddUser(Bot, BotRights.BotUser, "system:serviceaccounts", "system:serviceaccounts:chatops", "system:authenticated");
        foreach (var manifest in BotRights.For("checkout", "payments", "catalogue", "platform"))
        {
            Shop.Server.Create(manifest);
        }

        Shop.Server.Create(new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = "chatops" } });
        Shop.Server.Create(JsonNode.Parse("""
            { "apiVersion": "batch/v1", "kind": "CronJob", "metadata": { "name": "chatops-janitor", "namespace": "chatops" },
              "spec": { "schedule": "* * * * *" }, "status": { "lastScheduleTime": "2099-01-01T00:00:00Z", "lastSuccessfulTime": "2099-01-01T00:00:00Z" } }
            """)!.AsObject());
        foreach (var policy in (string[])["chatops-applications-kept", "chatops-application-fields", "chatops-projects", "chatops-project-windows"])
        {
            Shop.Server.Create(Admission("ValidatingAdmissionPolicy", policy, "{}"));
            Shop.Server.Create(Admission("ValidatingAdmissionPolicyBinding", policy, $$"""{ "policyName": "{{policy}}", "validationActions": ["Deny"] }"""));
        }
    }

    public async Task DisposeAsync()
    {
        await Slack.DisposeAsync();
        await Shop.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A path of its own for each test's store.</summary>
    public string NewStore() => Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, $"store-{Guid.NewGuid():N}")).FullName, "chatops.db");

    /// <summary>A kubeconfig of the good one's making, with one thing in it changed.</summary>
    public string KubeConfig(Func<string, string>? spoil = null, string token = Bot)
    {
        var path = Path.Combine(Folder, $"kubeconfig-{Guid.NewGuid():N}");
        File.WriteAllText(path, (spoil ?? (good => good))(Shop.Server.KubeConfig(token)));
        return path;
    }

    /// <summary>The bot under another name, with other rights than it should have.</summary>
    public string KubeConfigOf(string name, Func<string, string> change)
    {
        Shop.Server.AddUser(name, $"system:serviceaccount:chatops:{name}", "system:authenticated");
        foreach (var manifest in BotRights.For("checkout", "payments", "catalogue", "platform"))
        {
            var text = change(manifest.ToJsonString()).Replace("\"chatops-", $"\"{name}-", StringComparison.Ordinal).Replace("\"name\":\"chatops\"", $"\"name\":\"{name}\"", StringComparison.Ordinal);
            if (JsonNode.Parse(text) is JsonObject changed)
            {
                Shop.Server.Create(changed);
            }
        }

        return KubeConfig(token: name);
    }

    /// <summary>Runs doctor with these settings instead of the good ones; null takes a setting out.</summary>
    public Task<(int Exit, string Said)> DoctorAsync(params (string Key, string? Value)[] spoiled) => DoctorAsync(TimeProvider.System, spoiled);

    /// <param name="clock">That of the machine that doctor runs on.</param>
    public async Task<(int Exit, string Said)> DoctorAsync(TimeProvider clock, params (string Key, string? Value)[] spoiled)
    {
        var store = NewStore();
        var settings = new Dictionary<string, string?>(new ProductSettings
        {
            Url = new Uri($"http://127.0.0.1:{Product.FreePort()}"),
            Folder = Path.GetDirectoryName(store)!,
            KubeConfig = KubeConfig(),
            SlackApi = Slack.ApiBaseUrl,
        }.All())
        {
            // So that two people are left to approve, whoever of the three asks.
            ["Policy:Roles:1:Groups:1"] = "S0ONCALL",
        };
        foreach (var (key, value) in spoiled)
        {
            settings[key] = value;
        }

        foreach (var (key, _) in spoiled.Where(setting => setting.Value is null))
        {
            settings.Remove(key);
        }

        await using var commands = new ServerCommands(
            () => throw new InvalidOperationException("only serve needs the server"),
            () => CommandServices.Build(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), clock),
            clock);
        using var said = new StringWriter();
        var exit = await new Cli(commands.All).RunAsync(["doctor"], new Output(said, said), CancellationToken.None);
        return (exit, said.ToString());
    }

    private static JsonObject Admission(string kind, string name, string spec) => JsonNode.Parse($$"""
        { "apiVersion": "admissionregistration.k8s.io/v1", "kind": "{{kind}}", "metadata": { "name": "{{name}}" }, "spec": {{spec}} }
        """)!.AsObject();
}
