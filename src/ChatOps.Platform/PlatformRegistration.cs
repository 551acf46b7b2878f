using ChatOps.Core.Evidence;
using ChatOps.Core.Grants;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;
using ChatOps.Core.Signals;
using ChatOps.Platform.Access;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.ArgoCd.Views;
using ChatOps.Platform.Git;
using ChatOps.Platform.Kubernetes;
using ChatOps.Platform.Signals;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChatOps.Platform;

/// <summary>Everything acted on. Needs TimeProvider and, for doctor and rbac, <see cref="Rulebook"/>.</summary>
public static class PlatformRegistration
{
    /// <summary>Throws with all faults of both sections; <see cref="PlatformOptions.Faults()"/> gives them to who collects more.</summary>
    public static IServiceCollection AddPlatform(this IServiceCollection services, IConfiguration configuration)
    {
        var options = PlatformOptions.Read(configuration);
        var faults = options.Faults().Select(fault => $"{fault.What} → {fault.Fix}").ToList();
        return faults.Count == 0 ? services.AddPlatform(options) : throw new OptionsValidationException("Platform", typeof(PlatformOptions), faults);
    }

    public static IServiceCollection AddPlatform(this IServiceCollection services, PlatformOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(new ClusterNames(options.Clusters));
        services.AddSingleton(provider => new ClusterConnections(options.Clusters, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ArgoCdApis(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<PlatformDoctor>();
        services.AddSingleton<PlatformReach>();
        services.AddSingleton<PlatformRbac>();
        services.AddSingleton<Janitors>();
        services.AddSingleton<IAccess, RoleBindingAccess>();
        services.AddSingleton<IAccess, ClusterRoleBindingAccess>();
        services.AddSingleton<IAccess, ArgoCdRoleAccess>();
        services.AddSingleton<LeftoverLook>().AddSingleton<LookForLeftovers>(provider => provider.GetRequiredService<LeftoverLook>().LookAsync);
        services.AddSingleton<WritesLook>().AddSingleton<LookForWrites>(provider => provider.GetRequiredService<WritesLook>().LookAsync);
        services.AddSingleton<ServiceAccountAccess>().AddSingleton<IAccess>(provider => provider.GetRequiredService<ServiceAccountAccess>());
        services.AddSingleton<MintToken>(provider => provider.GetRequiredService<ServiceAccountAccess>().MintAsync);
        foreach (var engine in options.ArgoCd)
        {
            services.AddSingleton<IReconciler>(provider => Reconciler(provider, engine));
            services.AddSingleton<IApplicationView>(provider => View(provider, engine));
        }

        return services;
    }

    public static IServiceCollection AddSignals(this IServiceCollection services, SignalsOptions options) => services
        .AddSingleton(options.ToBook())
        .AddSingleton(provider => new PrometheusClient(options, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<AskMonitoring>(provider => provider.GetRequiredService<PrometheusClient>().AskAsync);

    public static IServiceCollection AddGit(this IServiceCollection services, GitOptions options) => services
        .AddSingleton(provider => new GitRevisions(options, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<LookAtBranch>(provider => provider.GetRequiredService<GitRevisions>().LookAsync);

    private static ArgoCdView View(IServiceProvider provider, ArgoCdOptions engine)
    {
        var cluster = provider.GetRequiredService<ClusterConnections>().Of(engine.Cluster);
        var time = provider.GetRequiredService<TimeProvider>();
        var api = provider.GetRequiredService<ArgoCdApis>().Of(engine);
        var connections = provider.GetRequiredService<ClusterConnections>();
        var names = provider.GetRequiredService<ClusterNames>();
        ClusterApi? ClusterOf(string name) => connections.Clusters.Any(known => known.Name == name) ? connections.Of(name) : null;
        return new(engine, cluster, new(engine, cluster, names, time), api, provider.GetService<GitRevisions>(), new(api, ClusterOf), new(cluster, names, ClusterOf, time), time);
    }

    private static ArgoCdReconciler Reconciler(IServiceProvider provider, ArgoCdOptions engine)
    {
        var cluster = provider.GetRequiredService<ClusterConnections>().Of(engine.Cluster);
        var time = provider.GetRequiredService<TimeProvider>();
        return new(engine, cluster, new(engine, cluster, provider.GetRequiredService<ClusterNames>(), time), time);
    }
}
