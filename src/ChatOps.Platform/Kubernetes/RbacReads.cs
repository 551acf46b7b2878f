using ChatOps.Core.Policy;

namespace ChatOps.Platform.Kubernetes;

/// <summary>A kind that <c>diff</c> reads. Secret is none of them.</summary>
public sealed record ReadKind(string Group, string Kind, string Resource)
{
    public static IReadOnlyList<ReadKind> All { get; } =
    [
        new("", "ConfigMap", "configmaps"),
        new("", "Service", "services"),
        new("", "ServiceAccount", "serviceaccounts"),
        new("", "PersistentVolumeClaim", "persistentvolumeclaims"),
        new("apps", "Deployment", "deployments"),
        new("apps", "StatefulSet", "statefulsets"),
        new("apps", "DaemonSet", "daemonsets"),
        new("batch", "Job", "jobs"),
        new("batch", "CronJob", "cronjobs"),
        new("autoscaling", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
        new("policy", "PodDisruptionBudget", "poddisruptionbudgets"),
        new("networking.k8s.io", "Ingress", "ingresses"),
        new("networking.k8s.io", "NetworkPolicy", "networkpolicies"),
    ];
}

/// <summary>One namespace of one cluster in which the bot itself watches, and reads by name, what the policy's applications deploy.</summary>
public sealed record RbacReads(string Cluster, string Namespace)
{
    /// <summary>Nothing reads there by name: where a token is configured Argo CD compares by itself. It watches for nobody.</summary>
    public bool OnlyWatches { get; init; }

    public IReadOnlyList<string> Verbs => OnlyWatches ? ["watch"] : ["get", "watch"];

    /// <summary>Never Argo CD's own namespace, in which the bot reads one ConfigMap by name.</summary>
    public static IReadOnlyList<RbacReads> Of(Rulebook rulebook, IReadOnlyCollection<RbacApplication> applications, PlatformOptions options)
    {
        var withToken = options.ArgoCd.Where(engine => engine.ComparesItself).Select(engine => engine.Name).ToHashSet(StringComparer.Ordinal);
        var readable = options.Clusters.Select(cluster => cluster.Name).ToHashSet(StringComparer.Ordinal);
        var argoCds = options.ArgoCd.Select(engine => new RbacReads(engine.Cluster.Length > 0 ? engine.Cluster : options.Clusters[0].Name, engine.Namespace)).ToHashSet();
        return
        [
            .. applications
                .Where(application => application.Namespace.Length > 0 && readable.Contains(application.Cluster))
                .Where(application => rulebook.UsersFor(application.Ref.Name, application.Project, application.Namespace, application.Cluster).Count > 0)
                .GroupBy(application => new RbacReads(application.Cluster, application.Namespace))
                .Where(group => !argoCds.Contains(group.Key))
                .Select(group => group.Key with { OnlyWatches = group.All(application => withToken.Contains(application.Ref.Instance)) })
                .OrderBy(reads => reads.Cluster, StringComparer.Ordinal)
                .ThenBy(reads => reads.Namespace, StringComparer.Ordinal),
        ];
    }
}
