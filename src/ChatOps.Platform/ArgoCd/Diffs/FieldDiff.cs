using System.Text.Json;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd.Diffs;

/// <summary>Compares two objects field by field, values by what they mean.</summary>
internal static class FieldDiff
{
    private static readonly string[] Bookkeeping = ["resourceVersion", "uid", "generation", "managedFields", "creationTimestamp", "selfLink"];

    /// <summary>Paths where <paramref name="live"/> is not as <paramref name="wanted"/>.</summary>
    /// <param name="onlyWanted">What is only in <paramref name="live"/> counts for nothing: Git need not mention it.</param>
    public static IEnumerable<FieldPath> Between(JsonElement wanted, JsonElement live, bool onlyWanted) =>
        Between(FieldPath.Root, wanted, live, onlyWanted).Where(path => !IsBookkeeping(path));

    public static bool IsBookkeeping(FieldPath path) => path.Segments switch
    {
        [{ Name: "status" or "apiVersion" or "kind" }, ..] => true,
        [{ Name: "metadata" }, { Name: var field }, ..] when Bookkeeping.Contains(field) => true,
        [{ Name: "metadata" }, { Name: "annotations" }, { Name: var name }] =>
            name.StartsWith("argocd.argoproj.io/", StringComparison.Ordinal) || name is "kubectl.kubernetes.io/last-applied-configuration" or "deployment.kubernetes.io/revision",
        _ => false,
    };

    private static IEnumerable<FieldPath> Between(FieldPath path, JsonElement wanted, JsonElement live, bool onlyWanted)
    {
        if (wanted.IsObject && live.IsObject)
        {
            return Names(wanted, live, onlyWanted).SelectMany(name => Between(path.Then(name), wanted.At(name), live.At(name), onlyWanted));
        }

        if (wanted.ValueKind == JsonValueKind.Array && live.ValueKind == JsonValueKind.Array && KeyedList.KeyOf(wanted, live) is { } key && wanted.GetArrayLength() + live.GetArrayLength() > 0)
        {
            var names = wanted.Items().Concat(onlyWanted ? [] : live.Items()).Select(element => KeyedList.NameOf(element, key)!).Distinct();
            return names.SelectMany(name => Between(path.Then(new Segment(name, key)), KeyedList.Find(wanted, key, name), KeyedList.Find(live, key, name), onlyWanted));
        }

        return SameValue.Of(path, wanted, live) ? [] : [path];
    }

    private static IEnumerable<string> Names(JsonElement wanted, JsonElement live, bool onlyWanted) =>
        wanted.EnumerateObject().Select(property => property.Name).Concat(onlyWanted ? [] : live.EnumerateObject().Select(property => property.Name)).Distinct();
}
