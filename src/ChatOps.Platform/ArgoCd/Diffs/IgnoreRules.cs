using System.Text.Json;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd.Diffs;

/// <summary><c>spec.ignoreDifferences</c>, as far as it can be judged without Argo CD: pointers and managers, not jq.</summary>
internal sealed class IgnoreRules(JsonElement spec)
{
    public bool HasJq => spec.Items("ignoreDifferences").Any(rule => rule.Items("jqPathExpressions").Any());

    public Func<FieldPath, bool> For(string group, string kind, string ns, string name, JsonElement live)
    {
        var rules = spec.Items("ignoreDifferences").Where(rule => Fits(rule.Text("group"), group, emptyFits: false) && Fits(rule.Text("kind"), kind, emptyFits: false)
            && Fits(rule.Text("name"), name, emptyFits: true) && Fits(rule.Text("namespace"), ns, emptyFits: true)).ToList();
        var pointers = rules.SelectMany(rule => rule.Texts("jsonPointers")).ToList();
        var managers = rules.SelectMany(rule => rule.Texts("managedFieldsManagers")).ToHashSet();
        var managed = managers.Count == 0 ? [] : Written.In(live).Where(written => managers.Contains(written.Manager)).Select(written => written.Path).ToList();
        return path => pointers.Exists(pointer => IsIn(path, pointer, live)) || managed.Exists(path.StartsWith);
    }

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
