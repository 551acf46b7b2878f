using System.Text.Json;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd.Diffs;

/// <summary>Who wrote which field last, as far as the API server keeps it: a tool and a second, never a person.</summary>
internal sealed record Written(FieldPath Path, string Manager, DateTimeOffset? At, string? Subresource)
{
    private static readonly string[] Hands = ["kubectl", "k9s", "lens", "openlens", "freelens", "headlamp", "mozilla", "node-fetch", "dashboard", "kubernetes-dashboard", "argocd-server"];

    private static readonly string[] ClustersOwn =
    [
        "kube-controller-manager", "kube-scheduler", "kube-apiserver", "kubelet", "cloud-controller-manager", "clusterrole-aggregation-controller",
        "argocd-controller", "argocd-application-controller", "argocd-applicationset-controller", "argocd-notifications-controller", "chatops",
    ];

    private static readonly string[] Autoscalers = ["keda-operator", "horizontal-pod-autoscaler"];

    /// <summary>A name that the programs of every cluster write under; anybody can write under it.</summary>
    public bool IsOfTheCluster => ClustersOwn.Contains(Manager);

    /// <summary>What a controller says of how things are, holds an election with, or what <c>kubectl apply</c> keeps for itself.</summary>
    public bool IsNoise => Subresource == "status" || Path.Segments is [{ Name: "status" }, ..]
        or [{ Name: "metadata" }, { Name: "annotations" }, { Name: "control-plane.alpha.kubernetes.io/leader" or "kubectl.kubernetes.io/last-applied-configuration" }, ..];

    public bool IsByHand => IsAHand(Manager);

    /// <summary>A tool that people hold in their hands.</summary>
    public static bool IsAHand(string manager) => Hands.Any(hand => manager.StartsWith(hand, StringComparison.OrdinalIgnoreCase));

    /// <summary>It writes by itself, without rest and for nobody. Under a name that nobody knows it may as well be a person's script, and counts as a hand.</summary>
    public bool IsController => IsOfTheCluster || (Subresource == "scale" && Autoscalers.Contains(Manager));

    /// <summary>Argo CD itself: what it wrote is Git's.</summary>
    public bool IsOfTheEngine => Manager is "argocd-controller" or "argocd-application-controller";

    /// <summary>All fields of all managers, without those of the status.</summary>
    public static IReadOnlyList<Written> In(JsonElement live)
    {
        var all = new List<Written>();
        foreach (var entry in live.Items("metadata", "managedFields").Where(entry => entry.Text("subresource") != "status"))
        {
            if (entry.Text("manager") is { } manager)
            {
                all.AddRange(Leaves(FieldPath.Root, entry.At("fieldsV1"), live).Select(path => new Written(path, manager, entry.Time("time"), entry.Text("subresource"))));
            }
        }

        return all;
    }

    private static IEnumerable<FieldPath> Leaves(FieldPath path, JsonElement fields, JsonElement live)
    {
        var any = false;
        foreach (var field in fields.IsObject ? fields.EnumerateObject().ToList() : [])
        {
            if (field.Name is "." || Step(path, field.Name, live) is not { } step)
            {
                continue;
            }

            any = true;
            foreach (var leaf in Leaves(path.Then(step), field.Value, live))
            {
                yield return leaf;
            }
        }

        if (!any && path.Segments.Count > 0)
        {
            yield return path;
        }
    }

    private static Segment? Step(FieldPath path, string field, JsonElement live)
    {
        if (field.StartsWith("f:", StringComparison.Ordinal))
        {
            return new(field[2..]);
        }

        if (!field.StartsWith("k:", StringComparison.Ordinal))
        {
            return null; // a value of a set: the list is one value here
        }

        var list = path.In(live);
        return KeyedList.KeyOf(list) is { } key && Element(list, field[2..]) is { } element && KeyedList.NameOf(element, key) is { } name ? new(name, key) : null;
    }

    private static JsonElement? Element(JsonElement list, string keys)
    {
        try
        {
            using var wanted = JsonDocument.Parse(keys);
            foreach (var element in list.Items())
            {
                if (wanted.RootElement.EnumerateObject().All(key => CanonicalJson.Of(element.At(key.Name)) == CanonicalJson.Of(key.Value)))
                {
                    return element;
                }
            }
        }
        catch (JsonException)
        {
            // Not what the API server writes; nothing is attributed by it.
        }

        return null;
    }
}
