using ChatOps.Chat.Slack;
using ChatOps.Chat.Slack.Sockets;
using ChatOps.Core;
using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Platform;
using ChatOps.Platform.Git;
using ChatOps.Platform.Signals;
using ChatOps.Server.Alerts;
using ChatOps.Server.Audit;
using ChatOps.Server.Backups;
using ChatOps.Server.Configuration;
using ChatOps.Server.Health;
using ChatOps.Server.Metrics;
using ChatOps.Server.Web;
using ChatOps.Server.Workers;
using ChatOps.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ChatOps.Server.Composition;

/// <summary>The whole server, put together. The command line builds the same services and starts nothing.</summary>
public static class ServerHost
{
    /// <summary>Everything registered, nothing started. Throws <see cref="SettingsException"/> with all that is wrong.</summary>
    public static WebApplication Build(WebApplicationBuilder builder, RecordAccess access = RecordAccess.Everybody)
    {
        var settings = new Settings(builder.Configuration);
        var web = settings.Web();
        var identity = settings.Identity();
        var policy = settings.Read<PolicyConfiguration>("Policy", read => PolicyCheck.Of(read, holders: null));
        var alertmanager = settings.Alertmanager();
        var signals = settings.Read<SignalsOptions>("Signals", read => read.Faults());
        var git = settings.Read<GitOptions>("Git", read => read.Faults());
        var channels = ChannelOptions.ToChannels(settings.Channels(), builder.Configuration["Slack:AllowedTeams:0"] ?? "");
        settings.Blame(AdapterFaults.Of(builder.Configuration));
        settings.ThrowIfWrong();

        builder.WebHost.UseUrls(web.Urls.Split(';'));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(25));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddIdentity(identity).AddSingleton(policy).AddSingleton(web).AddSingleton<Meters>().AddSingleton<ChatHealth>();
        builder.Services.AddCore().AddStorage(builder.Configuration).AddPlatform(builder.Configuration).AddSlack(builder.Configuration);
        builder.Services.AddSignals(signals).AddGit(git);
        builder.Services.AddAlerts(alertmanager, channels);
        builder.Services.AddSingleton<AuditDoor>();
        builder.Services.AddSingleton<Unheard>().AddSingleton<Unreached>().AddSingleton<PostOutgoing>();
        builder.Services.AddRecordPages(web, access).AddReadiness();
        builder.Services.AddSingleton<CreateRecordLink>(provider => web.PublicUrl.Length == 0 ? (_, _, _) => null : provider.GetRequiredService<SignInLinks>().Create);
        builder.Services.AddSingleton<CreateClaimLink>(web is { Oidc.Matches: not OidcMatch.KubernetesUser, PublicUrl.Length: > 0 } ? grant => web.Link($"access/{grant:N}") : _ => null);
        builder.Services.AddWorkers();
        if (web.MetricsUrl.Length > 0)
        {
            builder.Services.AddHostedService(provider => new MetricsListener(web.MetricsUrl, provider.GetRequiredService<Meters>()));
        }

        var app = builder.Build();
        app.MapRecordPages().MapSlack();
        app.MapHealth();
        app.MapAlerts();
        AuditDoor.Map(app);
        return app;
    }

    /// <summary>
    /// Opens the books first. A store that is refused stops the start with its own sentence, unless somebody may have access
    /// that has to end: then nothing else is done until the store is put back.
    /// </summary>
    public static async Task RunAsync(WebApplication app, CancellationToken ct)
    {
        await OpenBooksAsync(app, ct);
        await app.RunAsync(ct);
    }

    /// <summary>A command that copies the store, or the pod before this one, may have it for a moment longer.</summary>
    private static async Task OpenBooksAsync(WebApplication app, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await app.Services.GetRequiredService<RevokeOnly>().UntilOpenAsync(() => app.Services.GetRequiredService<IRecords>(), app.Services.GetRequiredService<WebOptions>().Urls, ct);
                return;
            }
            catch (StorageRefusedException refused) when (refused.IsInUse && tries < 20)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, ct);
            }
        }
    }

    private static void AddWorkers(this IServiceCollection services)
    {
        services.AddSingleton<InboxWorker>().AddSingleton<OutboxWorker>().AddSingleton<OperationWorker>().AddSingleton<LeaseWorker>().AddSingleton<GrantWorker>().AddSingleton<OutsideWorker>().AddSingleton<TroubleWorker>().AddSingleton<EvidenceWorker>();
        services.AddSingleton<RevokeOnly>();
        services.AddHostedService<PeopleWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<GrantWorker>());
        services.AddHostedService(provider => provider.GetRequiredService<LeaseWorker>());
        services.AddHostedService(provider => provider.GetRequiredService<OperationWorker>());
        services.AddHostedService(provider => provider.GetRequiredService<OutsideWorker>());
        services.AddHostedService(provider => provider.GetRequiredService<EvidenceWorker>());
        services.AddHostedService(provider => provider.GetRequiredService<TroubleWorker>());
        services.AddHostedService<ClusterWatcher>();
        services.AddHostedService<HandsWatcher>();
        services.AddHostedService<GrantSweeper>();
        services.AddHostedService(provider => provider.GetRequiredService<OutboxWorker>());
        services.AddHostedService(provider => provider.GetRequiredService<InboxWorker>());
        services.AddHostedService<WindowWorker>();
        services.AddHostedService<ScopeWorker>();
        services.AddHostedService<AlertWorker>();
        services.AddHostedService<UseWorker>();
        services.AddHostedService<MeterWorker>();
        services.AddSingleton(provider => new WatchHealth(() => provider.GetServices<IReconciler>().SelectMany(engine => engine.Watches), provider.GetRequiredService<TimeProvider>())).AddHostedService<WatchesWorker>();
        services.AddHostedService<BackupDoor>();
        services.AddHostedService<CoverageWorker>();
        services.AddHostedService<JanitorWorker>();
        services.AddHostedService<InstrumentBridge>();
        services.AddHostedService<RestoredBooks>();
        services.AddLoop<InboxWorker>("inbox");
        services.AddLoop<OutboxWorker>("outbox");
        services.AddLoop<OperationWorker>("operations");
        services.AddLoop<GrantWorker>("grants");
        services.AddLoop<LeaseWorker>("leases");
        services.AddSingleton(provider => new ReadinessCheck("chat", _ => ValueTask.FromResult(provider.GetRequiredService<ChatHealth>().WhatIsWrong())) { KeepsPeopleOut = false });
        services.AddSingleton(provider => new ReadinessCheck("sockets", _ => ValueTask.FromResult(SocketTrouble(provider))) { KeepsPeopleOut = false });
        services.AddSingleton(provider => new ReadinessCheck("people", _ => ValueTask.FromResult(provider.GetRequiredService<PeopleFile>().Faults is [var fault, ..] ? $"{fault.What}; the last good mapping file counts" : null)) { KeepsPeopleOut = false });
        services.AddSingleton(provider => ReadinessCheck.Backlog(provider.GetRequiredService<IRecords>(), TimeSpan.FromMinutes(2), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ReadinessCheck("clusters", async ct => await provider.GetRequiredService<PlatformReach>().WhatIsWrongAsync(ct)) { KeepsPeopleOut = false });
        services.AddSingleton(provider => new ReadinessCheck("watches", _ => ValueTask.FromResult(provider.GetRequiredService<WatchHealth>().WhatIsWrong())) { KeepsPeopleOut = false });
    }

    private static string? SocketTrouble(IServiceProvider provider) =>
        provider.GetService<SlackOptions>() is { OverSocket: true } ? provider.GetRequiredService<SlackSocketHealth>().Now.WhatIsWrong : null;

    private static void AddLoop<T>(this IServiceCollection services, string part)
        where T : Worker
    {
        services.AddSingleton(provider => Ready(part, provider.GetRequiredService<T>(), provider));
        services.AddSingleton(provider => new Loop(part, () => provider.GetRequiredService<T>().LastTurn));
    }

    private static ReadinessCheck Ready(string part, Worker worker, IServiceProvider provider) =>
        ReadinessCheck.Recent(part, () => worker.LastRound, TimeSpan.FromMinutes(1), provider.GetRequiredService<TimeProvider>());
}
