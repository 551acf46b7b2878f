using System.Net;
using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd.Views;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd.Diffs;

/// <summary>
/// What differs between Git and the cluster: from Argo CD's own comparison where a token is configured and it answers, else
/// from what the objects themselves carry. Says which, and what it could not see.
/// </summary>
public sealed class DriftReader(ArgoCdApi? api, Func<string, ClusterApi?> clusterOf)
{
    private const int Most = 80;
    private const int AtOnce = 4;

    /// <summary>A controller at work compares every application each few minutes, changed or not.</summary>
    private static readonly TimeSpan LongBetweenLooks = TimeSpan.FromMinutes(10);

    private readonly LiveObjects objects = new();

    internal async Task<DriftReport> ReadAsync(ApplicationJson application, ApplicationFacts facts, CancellationToken ct)
    {
        var notSeen = new List<string>();
        if (api is not null && facts.ReadAt - application.Raw.Time("status", "reconciledAt") > LongBetweenLooks)
        {
            notSeen.Add($"Argo CD's own comparison is of {application.Raw.Time("status", "reconciledAt")!.Value:yyyy-MM-dd HH:mm} UTC and is not shown: it has not compared since: its controller is down, overloaded, or told to look seldom (timeout.reconciliation); a refresh makes it look.");
        }
        else if (api is not null)
        {
            var (trouble, items) = await api.ManagedResourcesAsync(facts, ct);
            var held = new IgnoreRules(application.Raw.At("spec"));
            var compared = trouble is null ? [.. items.Items().Where(item => !item.Flag("hook")).Select(item => FromApi(application, item, held))] : new List<Compared>();

            // With its repository broken every resource comes without a target, as if it should be pruned; and where it has
            // forgotten what it compared, none comes at all.
            if (trouble is null && (compared.Exists(one => one.Target.IsObject) || (compared.Count == 0 && !application.Raw.Items("status", "resources").Any(resource => !resource.Flag("hook")))))
            {
                return Report(facts, "Argo CD's own comparison", compared.Select(ResourceDiff.Of), notSeen, isComplete: true);
            }

            notSeen.Add($"Argo CD's API is of no use now: {trouble ?? "it shows no resource as it is in Git"}.");
        }

        return await FromObjectsAsync(application, facts, notSeen, ct);
    }

    private static Compared FromApi(ApplicationJson application, JsonElement item, IgnoreRules rules)
    {
        var resource = new Compared(item.Text("kind") ?? "?", item.Text("namespace") ?? "", item.Text("name") ?? "?", Parsed(item, "targetState"), Parsed(item, "liveState"));
        return resource with
        {
            ByTheEngine = (Parsed(item, "normalizedLiveState"), Parsed(item, "predictedLiveState")),
            IsHeld = rules.HeldFor(item.Text("group") ?? "", resource.Kind, resource.Namespace, resource.Name, resource.Live),
            WasDeployed = DeployedBefore.Is(application, item),
        };
    }

    private async Task<DriftReport> FromObjectsAsync(ApplicationJson application, ApplicationFacts facts, List<string> notSeen, CancellationToken ct)
    {
        var resources = application.Raw.Items("status", "resources").Where(resource => !resource.Flag("hook")).ToList();
        var secrets = resources.RemoveAll(resource => resource.Text("kind") == "Secret");
        if (secrets > 0)
        {
            notSeen.Add($"{(secrets == 1 ? "A Secret is" : $"{secrets} Secrets are")} not compared: I read none.");
        }

        if (resources.Count > Most)
        {
            notSeen.Add($"Only the first {Most} of {resources.Count} resources were read, those out of sync first.");
        }

        if (clusterOf(facts.Cluster) is not { } cluster)
        {
            return Report(facts, "nothing", [], [.. notSeen, $"Its objects live in {facts.Cluster}, which is not among my clusters."], isComplete: false) with { NotRead = resources.Select(Named).ToHashSet() };
        }

        var gitHasMoved = Applied(application) is { } applied && facts.Revision is { } compared && applied != compared;
        if (gitHasMoved)
        {
            notSeen.Add($"Git has moved on to {Short(facts.Revision!)} since {Short(Applied(application)!)} was applied: what the new commits change is not shown.");
        }

        var rules = new IgnoreRules(application.Raw.At("spec"));
        if (rules.HasJq)
        {
            notSeen.Add("Its ignore rules written in jq are not applied here.");
        }

        var drifts = new List<ResourceDrift>();
        var unread = new SortedSet<string>(StringComparer.Ordinal);
        var notRead = resources.OrderBy(resource => resource.Text("status") == "Synced").Skip(Most).Select(Named).ToHashSet();
        var forbidden = new SortedSet<(string Namespace, string Kind)>();
        var byServer = 0;
        foreach (var batch in resources.OrderBy(resource => resource.Text("status") == "Synced").Take(Most).Chunk(AtOnce))
        {
            foreach (var (resource, reply) in batch.Zip(await Task.WhenAll(batch.Select(resource => objects.GetAsync(cluster, resource, ct)))))
            {
                var (kind, ns, name) = Named(resource);
                if (reply is { IsOk: true })
                {
                    drifts.Add(EngineVerdict.Heed(application, resource, gitHasMoved, OfLive(resource, rules, reply.Body, out var isByServer)));
                    byServer += isByServer ? 1 : 0;
                }
                else if (reply is { Status: HttpStatusCode.NotFound, Silence: Silence.None } && resource.Text("status") == "Synced")
                {
                    unread.Add($"{kind} (not found, although Argo CD shows it)"); // one 404 is no proof, and Argo CD sees a deletion at once
                    notRead.Add((kind, ns, name));
                }
                else if (reply is { Status: HttpStatusCode.NotFound, Silence: Silence.None })
                {
                    // What is not in Git any more was to go, and is gone.
                    if (!resource.Flag("requiresPruning"))
                    {
                        drifts.Add(ResourceDiff.NotThere(kind, ApiVersion(resource), ns, name, DeployedBefore.Is(application, resource)));
                    }
                }
                else if (reply is { Status: HttpStatusCode.Forbidden })
                {
                    forbidden.Add((ns, kind));
                    notRead.Add((kind, ns, name));
                }
                else
                {
                    unread.Add($"{kind} ({(reply is null ? "unknown to the cluster" : "no answer")})");
                    notRead.Add((kind, ns, name));
                }
            }
        }

        if (byServer > 0)
        {
            notSeen.Add($"{byServer} of its resources do not carry what Argo CD applied, so of them only what hands wrote is shown, without Git's value, and nothing that was removed.");
        }

        notSeen.AddRange(MayNotRead(cluster.Name, forbidden));
        if (unread.Count > 0)
        {
            notSeen.Add($"Not read: {string.Join(", ", unread)}.");
        }

        return Report(facts, "what Argo CD applied last", drifts, notSeen, isComplete: notSeen.Count == 0) with { NotRead = notRead };
    }

    /// <summary>One object against what Argo CD applied to it last, which it carries with it.</summary>
    /// <param name="resource">As the application's status names it.</param>
    /// <param name="isByServer">It does not carry that: only what hands wrote is known of it.</param>
    internal static ResourceDrift OfLive(JsonElement resource, IgnoreRules rules, JsonElement live, out bool isByServer)
    {
        var (kind, ns, name) = Named(resource);
        var target = resource.Flag("requiresPruning") ? default : LastApplied(live);
        isByServer = target.IsAbsent && !resource.Flag("requiresPruning");
        return isByServer
            ? ResourceDiff.OfHandsOnly(kind, ns, name, live)
            : ResourceDiff.Of(new(kind, ns, name, target, live) { IsIgnored = rules.For(resource.Text("group") ?? "", kind, ns, name, live) });
    }

    private static string ApiVersion(JsonElement resource) =>
        resource.Text("version") is not { Length: > 0 } version ? "" : resource.Text("group") is { Length: > 0 } group ? $"{group}/{version}" : version;

    private static (string Kind, string Namespace, string Name) Named(JsonElement resource) => (resource.Text("kind") ?? "?", resource.Text("namespace") ?? "", resource.Text("name") ?? "?");

    /// <summary>Says what would let it be seen: the right, where <c>rbac</c> writes it, and Argo CD's own comparison everywhere.</summary>
    private static IEnumerable<string> MayNotRead(string cluster, IEnumerable<(string Namespace, string Kind)> forbidden) =>
        forbidden.GroupBy(one => one.Namespace, one => one.Kind).Select(group =>
        {
            var isWritten = group.Key.Length > 0 && group.Any(kind => ReadKind.All.Any(known => known.Kind == kind));
            return $"I may not read {string.Join(", ", group)} in {(group.Key.Length > 0 ? $"namespace {group.Key} of {cluster}" : $"cluster {cluster}")}. "
                + (isWritten ? "ChatOps.Server rbac writes that right for each namespace that an application of the policy deploys to: have it applied, or set ArgoCd:Token." : "With ArgoCd:Token set, Argo CD compares them itself.");
        });

    private static DriftReport Report(ApplicationFacts facts, string basis, IEnumerable<ResourceDrift> drifts, List<string> notSeen, bool isComplete) =>
        new(facts, basis, [.. drifts.Where(drift => drift.Fields.Count > 0)], notSeen, isComplete);

    /// <summary>Absent when the object does not carry it, or when somebody else than Argo CD wrote it.</summary>
    private static JsonElement LastApplied(JsonElement live)
    {
        const string annotation = "kubectl.kubernetes.io/last-applied-configuration";
        var writer = ManagedFields.LastWriterOf(live, "metadata", "annotations", annotation);
        return writer is { Manager: not "argocd-controller" } || live.Text("metadata", "annotations", annotation) is not { } text ? default : Parse(text);
    }

    /// <summary>As <see cref="ApplicationFacts.Revision"/> says it: of several sources each has one.</summary>
    internal static string? Applied(ApplicationJson application) =>
        Revision(application.OperationState.At("syncResult")) is { } synced && application.OperationState.Text("phase") == "Succeeded"
            ? synced
            : application.Raw.Items("status", "history").Select(Revision).LastOrDefault(revision => revision is not null);

    internal static string? Revision(JsonElement deployed)
    {
        var several = deployed.Texts("revisions").ToList();
        return several.Count > 0 ? string.Join(',', several) : deployed.Text("revision") is { Length: > 0 } one ? one : null;
    }

    private static JsonElement Parsed(JsonElement item, string name) => item.Text(name) is { } text and not "null" ? Parse(text) : default;

    private static JsonElement Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static string Short(string revision) => string.Join(',', revision.Split(',').Select(commit => commit.Length == 40 ? commit[..8] : commit));
}
