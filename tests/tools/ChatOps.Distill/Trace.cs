using System.Globalization;
using System.Text.Json.Nodes;

namespace ChatOps.Distill;

/// <summary>
/// The states of one Application in the order they came, field by field. Two things are left out, on the recorded side and on the
/// replayed one alike: passing "waiting for health" messages, and the second, empty sync that may follow an ordinary automatic one
/// within a third of a second (it changes nothing, and whether it comes is chance); later healing attempts of that revision are counted without it.
/// </summary>
public sealed class Trace
{
    private const double EmptySyncWithin = 0.35;
    private readonly List<(double At, string Field, string Value)> changes = [];
    private readonly Dictionary<string, string> current = new(StringComparer.Ordinal);
    private long historyAtStart = -1;
    private long history;
    private double wholeSyncOverAt = double.NegativeInfinity;
    private int emptySyncs;
    private bool inEmptySync;

    public IReadOnlyDictionary<string, string> Current => current;

    /// <summary>Of an Application that the story itself makes: all its deployments are of the story.</summary>
    public static Trace FromNothing() => new() { historyAtStart = 0 };

    /// <summary>Changes from here on are reported; what is now is where they start from.</summary>
    public void Begin()
    {
        changes.Clear();
        if (historyAtStart < 0)
        {
            historyAtStart = history;
            current["deployed"] = "0";
        }
    }

    public void See(double at, JsonObject app)
    {
        history = app["status"]?["history"]?.AsArray().LastOrDefault()?["id"]?.GetValue<long>() + 1 ?? 0;
        Set(at, "deleting", app["metadata"]?["deletionTimestamp"] is null ? "no" : "yes");
        Set(at, "policy", Sorted(app["spec"]?["syncPolicy"]?["automated"] as JsonObject) ?? (app["spec"]?["syncPolicy"] is null ? "none" : "not automated"));
        Set(at, "branch", Branches(app));
        Set(at, "marks", Marks(app));
        Set(at, "sync", StateNames.Sync(app));
        Set(at, "conditions", StateNames.ConditionTypes(app));
        Set(at, "deployed", (history - Math.Max(0, historyAtStart)).ToString(CultureInfo.InvariantCulture));
        if (StateNames.Hooks(app) is var hooks && (hooks.Length > 0 || current.ContainsKey("hooks")))
        {
            Set(at, "hooks", hooks);
        }

        SeeOperation(at, app);
    }

    public void Gone(double at) => Set(at, "deleting", "gone");

    /// <summary>For each field what it became, with the time since <paramref name="from"/>.</summary>
    public SortedDictionary<string, List<(double After, string Value)>> Since(double from)
    {
        var result = new SortedDictionary<string, List<(double, string)>>(StringComparer.Ordinal);
        foreach (var (at, field, value) in changes.Where(change => change.At >= from - 0.002))
        {
            if (!result.TryGetValue(field, out var list))
            {
                result[field] = list = [];
            }

            list.Add((Math.Max(0, at - from), value));
        }

        return result;
    }

    public double LastChange => changes.Count == 0 ? double.NegativeInfinity : changes[^1].At;

    private void SeeOperation(double at, JsonObject app)
    {
        var name = StateNames.Operation(app, emptySyncs);
        if (name.EndsWith(StateNames.Waiting, StringComparison.Ordinal))
        {
            return;
        }

        if (name == "written by auto")
        {
            emptySyncs = 0;
        }

        if (name == "written by auto partly healing #1" && at - wholeSyncOverAt < EmptySyncWithin)
        {
            inEmptySync = true;
        }

        if (inEmptySync)
        {
            if (name.StartsWith("Succeeded", StringComparison.Ordinal))
            {
                inEmptySync = false;
                emptySyncs++;
            }

            return;
        }

        if (name.StartsWith("Succeeded by", StringComparison.Ordinal) && emptySyncs > 0 && name.Contains("healing #0", StringComparison.Ordinal))
        {
            return;
        }

        if (Set(at, "operation", name) && name == "Succeeded by auto: synced")
        {
            wholeSyncOverAt = at;
        }
    }

    private bool Set(double at, string field, string value)
    {
        if (current.GetValueOrDefault(field) == value)
        {
            return false;
        }

        current[field] = value;
        changes.Add((at, field, value));
        return true;
    }

    private static string Branches(JsonObject app) => app["spec"]?["source"]?["targetRevision"]?.GetValue<string>()
        ?? string.Join('+', app["spec"]?["sources"]?.AsArray().Select(source => source?["targetRevision"]?.GetValue<string>()) ?? []);

    private static string? Sorted(JsonObject? map) => map is null ? null : string.Join(' ', map.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}={entry.Value}"));

    private static string Marks(JsonObject app) => string.Join('+', (app["metadata"]?["annotations"] as JsonObject ?? [])
        .Select(annotation => annotation.Key)
        .Where(key => key is "argocd.argoproj.io/refresh" or "argocd.argoproj.io/skip-reconcile")
        .Select(key => key["argocd.argoproj.io/".Length..])
        .Order(StringComparer.Ordinal));
}
