using System.Text.Json.Nodes;
using ChatOps.Sandbox.Cluster;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>What the parts of the controller share: the API, the clock, the queue, and what it remembers of each application.</summary>
internal sealed class Controller(ArgoCdSimulationOptions options, KubernetesApi api)
{
    public const string Manager = "argocd-application-controller";

    public KubernetesApi Api => api;

    public ArgoCdPace Pace => options.Pace;

    public string Namespace => options.Namespace;

    public TimeSpan Resync => options.Resync;

    public WorkQueue Queue { get; } = new();

    public TargetState Target { get; } = new(options.Repositories);

    public Projects Projects { get; } = new(api, options.ProjectNamespace ?? options.Namespace, options.Resync);

    public Dictionary<string, Remembered> Memory { get; } = new(StringComparer.Ordinal);

    public HeldSync? Hold { get; set; }

    /// <summary>How much slower than its pace the controller is; for tests of a controller that lags.</summary>
    public TimeSpan Lag { get; set; }

    public DateTimeOffset Now => options.Time.GetUtcNow();

    public string Timestamp => Timestamps.Write(Now);

    public Remembered Remember(string application) => Memory.TryGetValue(application, out var known) ? known : Memory[application] = new Remembered();

    public async Task<Application?> ReadAsync(string name, CancellationToken ct) =>
        await api.GetAsync(new ResourceId(ResourceType.Application, Namespace, name), ct) is { } json ? new Application(json) : null;

    public Task<JsonObject?> ReadProjectAsync(Application app, CancellationToken ct) =>
        Projects.ReadAsync(app.Project, Now, ct);

    public async Task PatchAsync(Application app, JsonObject patch, CancellationToken ct)
    {
        var answer = await api.PatchAsync(app.Id, patch, Manager, ct);
        if (answer.Status != 404)
        {
            answer.Require();
        }
    }

    /// <summary>An Event beside the application, as <c>kubectl describe</c> and the product's timeline see it.</summary>
    public async Task TellAsync(Application app, string reason, string message, CancellationToken ct, string type = "Normal")
    {
        var name = $"{app.Name}.{Guid.CreateVersion7(Now):N}";
        var told = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = app.Namespace },
            ["involvedObject"] = new JsonObject
            {
                ["apiVersion"] = "argoproj.io/v1alpha1",
                ["kind"] = "Application",
                ["name"] = app.Name,
                ["namespace"] = app.Namespace,
                ["uid"] = app.Json["metadata"]?["uid"]?.DeepClone(),
                ["resourceVersion"] = app.Json["metadata"]?["resourceVersion"]?.DeepClone(),
            },
            ["reason"] = reason,
            ["message"] = message,
            ["source"] = new JsonObject { ["component"] = Manager },
            ["firstTimestamp"] = Timestamp,
            ["lastTimestamp"] = Timestamp,
            ["count"] = 1,
            ["type"] = type,
        };
        await api.CreateAsync(new ResourceId(ResourceType.Event, app.Namespace, name), told, Manager, ct);
    }
}

/// <summary>What the controller keeps in memory about one application, and loses when it restarts.</summary>
internal sealed class Remembered
{
    /// <summary>A comparison has begun and not yet written what it found; no other may begin.</summary>
    public bool Comparing { get; set; }

    /// <summary>Somebody asked while a comparison was under way.</summary>
    public bool AskedMeanwhile { get; set; }

    /// <summary>The controller wrote the operation itself, which then runs whatever the annotations say by now.</summary>
    public bool OwnOperation { get; set; }

    /// <summary>The comparison after the controller's own operation comes in spite of skip-reconcile.</summary>
    public bool CompareOnceMore { get; set; }

    public bool CompareFully { get; set; } = true;

    public string? ComparedTo { get; set; }

    public Revisions? Revisions { get; set; }

    public bool? Automated { get; set; }

    /// <summary>Its end has begun.</summary>
    public bool IsDeleting { get; set; }

    public string? SeenVersion { get; set; }

    public HashSet<ResourceId> Managed { get; } = [];

    public DateTimeOffset ComparedFullyAt { get; set; }
}
