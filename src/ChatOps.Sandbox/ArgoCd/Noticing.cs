using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>Sees what has changed in the cluster since the last look, and asks for the comparisons and operations that this calls for.</summary>
internal sealed class Noticing
{
    private readonly Controller controller;
    private readonly Refreshing refreshing;
    private readonly Operating operating;
    private readonly Deleting deleting;
    private readonly ApplicationSets sets;
    private readonly Dictionary<ResourceId, string> seen = [];

    public Noticing(Controller controller)
    {
        this.controller = controller;
        refreshing = new Refreshing(controller);
        operating = new Operating(controller, refreshing);
        refreshing.OperationWaits = name => operating.Ask(name, TimeSpan.Zero);
        deleting = new Deleting(controller, refreshing);
        sets = new ApplicationSets(controller);
    }

    /// <summary>Where a change would matter; what the doorbell listens at.</summary>
    public IEnumerable<(ResourceType Type, string Namespace)> Places =>
        controller.Memory.Values.SelectMany(memory => memory.Managed).Select(id => (id.Type, id.Namespace))
            .Append((ResourceType.Application, controller.Namespace))
            .Append((ResourceType.AppProject, controller.Namespace))
            .Append((ResourceType.ApplicationSet, controller.Namespace))
            .Distinct();

    /// <summary>As at a resync.</summary>
    public void CompareAnew(string application) => refreshing.Ask(application, TimeSpan.Zero, fully: true);

    public void Forget() => seen.Clear();

    public async Task LookAsync(CancellationToken ct)
    {
        var apps = (await controller.Api.ListAsync(ResourceType.Application, controller.Namespace, ct)).Select(json => new Application(json)).ToList();
        foreach (var name in controller.Memory.Keys.Except(apps.Select(app => app.Name)).ToList())
        {
            controller.Memory.Remove(name);
        }

        foreach (var app in apps)
        {
            Look(app);
        }

        await sets.LookAsync(apps, ct);

        var changed = new HashSet<ResourceId>();
        var places = controller.Memory.Values.SelectMany(memory => memory.Managed).Select(id => (id.Type, id.Namespace)).Distinct().ToList();
        var lists = await Task.WhenAll(places.Select(place => controller.Api.ListAsync(place.Type, place.Namespace, ct)));
        foreach (var ((type, ns), live) in places.Zip(lists))
        {
            changed.UnionWith(Changes(type, ns, live));
        }

        foreach (var (name, _) in controller.Memory.Where(entry => entry.Value.Managed.Overlaps(changed)).ToList())
        {
            refreshing.Ask(name, controller.Pace.Notice, fully: false);
        }
    }

    private void Look(Application app)
    {
        var memory = controller.Remember(app.Name);
        var version = app.Json["metadata"]!["resourceVersion"]!.GetValue<string>();
        if (memory.SeenVersion == version)
        {
            return;
        }

        var first = memory.SeenVersion is null;
        memory.SeenVersion = version;
        if (app.IsDeleting && !memory.IsDeleting)
        {
            memory.IsDeleting = true;
            deleting.Ask(app.Name);
        }

        if (app.Operation is not null && (first || app.Phase != "Running"))
        {
            operating.Ask(app.Name, controller.Pace.Start);
        }

        var enabled = app.Automated is not null;
        var resumed = memory.Automated == false && enabled;
        memory.Automated = enabled;
        if (first || resumed || app.Refresh is not null || memory.ComparedTo != app.ComparedTo || app.Status["sync"] is null || app.SyncPolicy is { Count: 0 })
        {
            refreshing.Ask(app.Name, first ? TimeSpan.Zero : controller.Pace.Notice / 2, fully: first || resumed);
        }
    }

    private List<ResourceId> Changes(ResourceType type, string ns, IReadOnlyList<JsonObject> live)
    {
        var now = live.ToDictionary(found => ResourceId.Of(found, ns), found => found["metadata"]!["resourceVersion"]!.GetValue<string>());
        var before = seen.Where(entry => entry.Key.Type == type && entry.Key.Namespace == ns).ToDictionary();
        var changed = now.Keys.Union(before.Keys).Where(id => now.GetValueOrDefault(id) != before.GetValueOrDefault(id)).ToList();
        foreach (var id in changed)
        {
            if (now.TryGetValue(id, out var version))
            {
                seen[id] = version;
            }
            else
            {
                seen.Remove(id);
            }
        }

        return changed;
    }
}
