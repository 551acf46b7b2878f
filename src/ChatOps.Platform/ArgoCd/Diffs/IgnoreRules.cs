using System.Text.Json;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd.Diffs;

/// <summary>
/// <c>spec.ignoreDifferences</c>, as far as it can be judged without Argo CD: pointers and managers, not jq. Rules of ours are
/// not among them: what a pause leaves to people for a while is still another value than Git's, and theirs.
/// </summary>
internal sealed class IgnoreRules(JsonElement spec)
{
    public bool HasJq => Rules.Any(rule => rule.Items("jqPathExpressions").Any());

    public Func<FieldPath, bool> For(string group, string kind, string ns, string name, JsonElement live)
    {
        var rules = Rules.Where(rule => Fits(rule.Text("group"), group, emptyFits: false) && Fits(rule.Text("kind"), kind, emptyFits: false)
            && Fits(rule.Text("name"), name, emptyFits: true) && Fits(rule.Text("namespace"), ns, emptyFits: true)).ToList();
        var pointers = rules.SelectMany(rule => rule.Texts("jsonPointers")).ToList();
        var managers = rules.SelectMany(rule => rule.Texts("managedFieldsManagers")).ToHashSet();
        var managed = managers.Count == 0 ? [] : Written.In(live).Where(written => managers.Contains(written.Manager)).Select(written => written.Path).ToList();
        return path => pointers.Exists(pointer => IsIn(path, pointer, live)) || managed.Exists(path.StartsWith);
    }

    private IEnumerable<JsonElement> Rules => spec.Items("ignoreDifferences").Where(rule => !IsOurs(rule));

    /// <summary>Whether a pause of ours leaves this field to people: then Argo CD's own comparison does not see it.</summary>
    public Func<FieldPath, bool> HeldFor(string group, string kind, string ns, string name, JsonElement live)
    {
        var pointers = spec.Items("ignoreDifferences")
            .Where(rule => IsOurs(rule) && (rule.Text("group") ?? "") == group && rule.Text("kind") == kind && rule.Text("name") == name && (rule.Text("namespace") ?? ns) == ns)
            .SelectMany(rule => rule.Texts("jsonPointers")).ToList();
        return path => pointers.Exists(pointer => IsIn(path, pointer, live));
    }

    private static bool IsOurs(JsonElement rule) => rule.Texts("managedFieldsManagers").Contains(ArgoCdReconciler.FieldManager);

    private static bool Fits(string? pattern, string value, bool emptyFits) =>
        string.IsNullOrEmpty(pattern) ? emptyFits || value.Length == 0 : pattern == "*" || pattern == value;

    /// <summary>Pointers count list elements; paths name them.</summary>
    private static bool IsIn(FieldPath path, string pointer, JsonElement live)
    {
        var steps = pointer.TrimStart('/').Split('/').Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToList();
        if (steps.Count > path.Segments.Count)
        {
            return false;
        }

        var current = live;
        for (var at = 0; at < steps.Count; at++)
        {
            var segment = path.Segments[at];
            if (segment.Key is { } key)
            {
                if (!int.TryParse(steps[at], out var index) || KeyedList.NameOf(current.Items().ElementAtOrDefault(index), key) != segment.Name)
                {
                    return false;
                }

                current = KeyedList.Find(current, key, segment.Name);
            }
            else if (segment.Name != steps[at])
            {
                return false;
            }
            else
            {
                current = current.At(segment.Name);
            }
        }

        return true;
    }
}
