using ChatOps.Chat.Slack;
using ChatOps.Chat.Slack.Setup;
using ChatOps.Core;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Records;
using ChatOps.Platform;
using ChatOps.Server.Backups;
using ChatOps.Server.CommandLine;
using ChatOps.Server.Configuration;
using ChatOps.Server.Examinations;
using ChatOps.Storage.LiteDb;
using Microsoft.Extensions.Options;
using PolicyCheckCommand = ChatOps.Server.CommandLine.PolicyCheck;
using PolicyExplainCommand = ChatOps.Server.CommandLine.PolicyExplain;

namespace ChatOps.Server.Composition;

/// <summary>
/// The command line, each command with what it works on. Nothing is built before a command needs it: help must be there on
/// a machine where nothing is right yet, and what is wrong must come out as sentences.
/// </summary>
internal sealed partial class ServerCommands(Func<WebApplication> build, Func<ServiceProvider> parts, TimeProvider time) : IAsyncDisposable
{
    private readonly Lazy<WebApplication> app = new(build);
    private readonly Lazy<ServiceProvider> services = new(parts);

    private BooksToRead? books;

    /// <summary>What can be read of the configuration though it is wrong.</summary>
    public Func<IConfiguration> Readable { get; init; } = () => new ConfigurationBuilder().Build();

    private IServiceProvider Services => services.Value;

    private string Store => Services.GetRequiredService<IOptions<Storage.StorageOptions>>().Value.LiteDb.Path;

    public IReadOnlyList<CliCommand> All =>
    [
        new Serve(ServeAsync),
        new Doctor(Examinations, WriteSlackManifest, time),
        new Rbac((output, ct) => Services.GetRequiredService<PlatformRbac>().WriteAsync(output, ct), ct => Services.GetRequiredService<PlatformRbac>().CheckAsync(ct)),
        new PolicyCheckCommand(ct => FaultsOrAsync(() => CheckPolicyAsync(ct))),
        new PolicyExplainCommand(ExplainAsync),
        new AuditVerify(Books, Chats),
        new IncidentExport(Books),
        new StorageBackup(BackupAsync),
        new StorageRestore(RestoreAsync),
    ];

    public async ValueTask DisposeAsync()
    {
        books?.Dispose();
        if (services.IsValueCreated)
        {
            await services.Value.DisposeAsync();
        }

        if (app.IsValueCreated)
        {
            await app.Value.DisposeAsync();
        }
    }

    private IRecords Books() => (books ??= new BooksToRead(Store, time)).Open();

    private Task BackupAsync(string file, CancellationToken ct) =>
        BackupDoor.TryBackup(Store, file) ? Task.CompletedTask : Services.GetRequiredService<LiteDbRecords>().BackupAsync(file, ct);

    /// <summary>A record can be verified without chat; that it was not compared with the thread is then said.</summary>
    private IReadOnlyList<IChat> Chats()
    {
        try
        {
            return [.. Services.GetServices<IChat>()];
        }
        catch (OptionsValidationException)
        {
            return [];
        }
    }

    private async Task<ExitCode> ServeAsync(IReadOnlyList<string> arguments, CancellationToken ct)
    {
        await ServerHost.RunAsync(await WithoutSettings.BuildAsync(() => app.Value, Readable, time, ct), ct);
        return ExitCode.Good;
    }

    /// <summary>Asked for before there is an app, so before there is a token: the section is read as it stands.</summary>
    private string WriteSlackManifest(bool overSocket)
    {
        var slack = Services.GetRequiredService<IConfiguration>().GetSection(SlackOptions.Section).Get<SlackOptions>() ?? new SlackOptions();
        return SlackManifest.Generate(overSocket ? null : new Uri(Services.GetRequiredService<WebOptions>().PublicUrl), slack);
    }

    private async Task<IReadOnlyList<Finding>> CheckPolicyAsync(CancellationToken ct)
    {
        var policy = Services.GetRequiredService<PolicyConfiguration>();
        _ = Services.GetRequiredService<Register>();
        try
        {
            return Core.Policy.PolicyCheck.Of(policy, await Services.GetRequiredService<RoleMembership>().HoldersByRoleAsync(ct));
        }
        catch (Exception e) when (e is ChatUnavailableException or OptionsValidationException)
        {
            return [.. Core.Policy.PolicyCheck.Of(policy, null), Finding.Problem($"Who holds which role cannot be asked: {e.Message}", "Bring the chat system back, then check again: whether two people can satisfy each rule was not judged.")];
        }
    }

    /// <summary>What is wrong with the settings, each with its fix, in place of what could not be looked at because of it.</summary>
    private static async Task<IReadOnlyList<Finding>> FaultsOrAsync(Func<Task<IReadOnlyList<Finding>>> look)
    {
        try
        {
            return await look();
        }
        catch (Exception unusable) when (UnusableConfiguration.Findings(unusable) is { Count: > 0 } faults)
        {
            return faults;
        }
    }

    private async Task<PolicyAnswer> ExplainAsync(string name, string words, CancellationToken ct)
    {
        var (allowed, lines) = await Services.GetRequiredService<ExplainCommand>().HandleAsync(name, words, ct);
        return new(allowed, [.. lines]);
    }

    private Task RestoreAsync(string file, CancellationToken ct)
    {
        LiteDbRecords.Restore(file, Store, time.GetUtcNow());
        return Task.CompletedTask;
    }
}
