using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>Creates the applications of list generators from the set's template and takes every change of them back, without backoff.</summary>
internal sealed class ApplicationSets(Controller controller)
{
    private const string Manager = RollingSync.Manager;
    private const string Finalizer = "resources-finalizer.argocd.argoproj.io";
    private static readonly string[] Owned = ["labels", "annotations"];
    private readonly HashSet<string> seen = [];
    private readonly RollingSync rolling = new(controller);

    /// <summary>Asks for a set's turn when it or one of its applications has changed since the last look.</summary>
    public async Task LookAsync(IReadOnlyList<Application> apps, CancellationToken ct)
    {
        foreach (var set in await controller.Api.ListAsync(ResourceType.ApplicationSet, controller.Namespace, ct))
        {
            var name = NameOf(set);
            var versions = apps.Where(app => IsOf(app, set)).Select(app => $"{app.Name}@{app.Json["metadata"]!["resourceVersion"]}").Order(StringComparer.Ordinal);
            if (seen.Add($"{name}@{set["metadata"]!["resourceVersion"]}:{string.Join(',', versions)}"))
            {
                controller.Queue.Add($"set/{name}", controller.Now + controller.Pace.Notice + controller.Lag, token => ReconcileAsync(name, token));
            }
        }
    }

    private async Task ReconcileAsync(string name, CancellationToken ct)
    {
        if (await controller.Api.GetAsync(new ResourceId(ResourceType.ApplicationSet, controller.Namespace, name), ct) is not { } set || set["metadata"]?["deletionTimestamp"] is not null)
        {
            return;
        }

        var policy = set["spec"]?["syncPolicy"]?["applicationsSync"]?.GetValue<string>() ?? "sync";
        var apps = (await controller.Api.ListAsync(ResourceType.Application, controller.Namespace, ct)).Select(json => new Application(json)).ToDictionary(app => app.Name);
        var wanted = Render(set).ToList();
        foreach (var app in wanted)
        {
            if (!apps.TryGetValue(NameOf(app), out var live))
            {
                await controller.Api.CreateAsync(ResourceId.Of(app, controller.Namespace), app, Manager, ct);
            }
            else if (policy is "sync" or "create-update" && IsOf(live, set))
            {
                await TakeBackAsync(set, app, live, ct);
            }

            if (live is not null && RollingSync.IsOf(set))
            {
                await rolling.DeployAsync(live, ct);
            }
        }

        foreach (var gone in apps.Values.Where(app => policy is "sync" or "create-delete" && IsOf(app, set) && !app.IsDeleting && !wanted.Exists(kept => NameOf(kept) == app.Name)))
        {
            await controller.Api.DeleteAsync(gone.Id, ct);
        }
    }

    private async Task TakeBackAsync(JsonObject set, JsonObject wanted, Application live, CancellationToken ct)
    {
        var entries = set["spec"]?["ignoreApplicationDifferences"]?.AsArray().OfType<JsonObject>().Where(entry => entry["name"]?.GetValue<string>() is not { Length: > 0 } name || name == live.Name) ?? [];
        IgnoredFields.Of(entries).Carry(live.Json, wanted);
        var patch = new JsonArray();
        if (!JsonNode.DeepEquals(wanted["spec"], live.Json["spec"]))
        {
            patch.Add(new JsonObject { ["op"] = "replace", ["path"] = "/spec", ["value"] = wanted["spec"]!.DeepClone() });
        }

        foreach (var key in Owned)
        {
            var there = live.Json["metadata"]?[key] as JsonObject;
            var should = wanted["metadata"]?[key]?.DeepClone() as JsonObject ?? [];
            if (key == "annotations" && live.Refresh is { } refresh)
            {
                should[Application.RefreshAnnotation] = refresh;
            }

            if (!JsonNode.DeepEquals(there ?? [], should))
            {
                patch.Add(new JsonObject { ["op"] = "add", ["path"] = $"/metadata/{key}", ["value"] = should });
            }
        }

        if (patch.Count > 0)
        {
            await controller.Api.PatchAsync(live.Id, patch, Manager, ct);
        }
    }

    private IEnumerable<JsonObject> Render(JsonObject set)
    {
        var elements = set["spec"]?["generators"]?.AsArray().SelectMany(generator => generator?["list"]?["elements"]?.AsArray() ?? []).OfType<JsonObject>() ?? [];
        foreach (var element in elements)
        {
            var text = element.Aggregate(set["spec"]!["template"]!.ToJsonString(), (template, entry) => template
                .Replace("{{." + entry.Key + "}}", entry.Value?.ToString(), StringComparison.Ordinal)
                .Replace("{{" + entry.Key + "}}", entry.Value?.ToString(), StringComparison.Ordinal));
            var app = JsonNode.Parse(text)!.AsObject();
            app["apiVersion"] = "argoproj.io/v1alpha1";
            app["kind"] = "Application";
            var metadata = app["metadata"]!.AsObject();
            metadata["namespace"] = controller.Namespace;
            metadata["finalizers"] ??= new JsonArray(Finalizer);
            metadata["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "argoproj.io/v1alpha1",
                ["kind"] = "ApplicationSet",
                ["name"] = NameOf(set),
                ["uid"] = set["metadata"]!["uid"]!.DeepClone(),
                ["controller"] = true,
                ["blockOwnerDeletion"] = true,
            });
            if (RollingSync.IsOf(set))
            {
                RollingSync.SwitchOff(app);
            }

            yield return app;
        }
    }

    private static bool IsOf(Application app, JsonObject set) => app.Json["metadata"]?["ownerReferences"]?.AsArray().Any(owner => owner?["uid"]?.GetValue<string>() == set["metadata"]!["uid"]!.GetValue<string>()) == true;

    private static string NameOf(JsonObject manifest) => manifest["metadata"]!["name"]!.GetValue<string>();
}
