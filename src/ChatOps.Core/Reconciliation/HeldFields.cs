using System.Text.Json.Nodes;

namespace ChatOps.Core.Reconciliation;

/// <summary>Fields of one resource that a narrowed pause leaves to people.</summary>
/// <param name="Pointers">JSON pointers; what is below one goes with it.</param>
public sealed record HeldResource(ManagedResource Resource, IReadOnlyList<string> Pointers)
{
    /// <summary>
    /// The entry of <c>ignoreDifferences</c>. It names one object, and our field manager, by which it is known as ours: admission
    /// policies let us add and remove no other. We write no live objects, so that part of it leaves nothing else alone.
    /// </summary>
    public JsonObject Rule
    {
        get
        {
            var rule = new JsonObject();
            if (Resource.Group.Length > 0)
            {
                rule["group"] = Resource.Group;
            }

            rule["kind"] = Resource.Kind;
            rule["name"] = Resource.Name;
            if (Resource.Namespace.Length > 0)
            {
                rule["namespace"] = Resource.Namespace;
            }

            rule["jsonPointers"] = new JsonArray([.. Pointers.Select(pointer => JsonValue.Create(pointer))]);
            rule["managedFieldsManagers"] = new JsonArray(HeldFields.Manager);
            return rule;
        }
    }

    public bool IsWhole => Pointers.SequenceEqual(HeldFields.WholeOf(Resource.Kind));

    /// <summary>As people write it after <c>only</c>.</summary>
    public string Spoken => IsWhole ? Resource.Spoken : string.Join(' ', Pointers.Select(pointer => $"{Resource.Spoken}:{pointer}"));
}

/// <summary>
/// What a narrowed pause leaves to people: rules of ours among an application's <c>ignoreDifferences</c>, and the sync option
/// that has the engine's syncs respect them. Everything else the engine goes on putting back.
/// </summary>
/// <param name="Options">The sync options before it.</param>
public sealed record HeldFields(IReadOnlyList<HeldResource> Resources, JsonValueAt Options)
{
    public const string Respect = "RespectIgnoreDifferences=true";

    internal const string Manager = "chatops";

    /// <summary>The option was not there, so it is ours to take out again.</summary>
    public bool AddsOption => !RuleFacts.Texts(Options).Contains(Respect);

    public string Spoken => string.Join(' ', Resources.Select(resource => resource.Spoken));

    /// <summary>It holds these and no others, in whatever order.</summary>
    public bool AreOf(IReadOnlyList<HeldResource> resources) =>
        Fields(Resources).SetEquals(Fields(resources));

    private static HashSet<(ManagedResource, string)> Fields(IEnumerable<HeldResource> resources) =>
        [.. resources.SelectMany(resource => resource.Pointers.Select(pointer => (resource.Resource, pointer)))];

    /// <summary>All of it is there.</summary>
    public bool IsIn(RuleFacts facts)
    {
        var rules = RuleFacts.Items(facts.List);
        return RuleFacts.Texts(facts.Options).Contains(Respect) && Resources.All(resource => rules.Any(rule => JsonNode.DeepEquals(rule, resource.Rule)));
    }

    /// <summary>
    /// The fields that make up a resource of this kind: a rule has to name fields. Labels and annotations are not among them,
    /// because the engine keeps its own books in these.
    /// </summary>
    public static IReadOnlyList<string> WholeOf(string kind) => kind switch
    {
        "ConfigMap" => ["/data", "/binaryData"],
        "Secret" => ["/data"],
        "Role" => ["/rules"],
        "ClusterRole" => ["/rules", "/aggregationRule"],
        "RoleBinding" or "ClusterRoleBinding" => ["/roleRef", "/subjects"],
        "ServiceAccount" => ["/secrets", "/imagePullSecrets", "/automountServiceAccountToken"],
        "MutatingWebhookConfiguration" or "ValidatingWebhookConfiguration" => ["/webhooks"],
        "StorageClass" => ["/provisioner", "/parameters", "/reclaimPolicy", "/allowVolumeExpansion", "/mountOptions", "/volumeBindingMode"],
        "PriorityClass" => ["/value", "/globalDefault", "/description", "/preemptionPolicy"],
        "Endpoints" => ["/subsets"],
        "EndpointSlice" => ["/addressType", "/endpoints", "/ports"],
        "PodTemplate" => ["/template"],
        "ControllerRevision" => ["/data", "/revision"],
        "RuntimeClass" => ["/handler", "/overhead", "/scheduling"],
        _ => ["/spec"],
    };
}

/// <summary>What an application is told to leave alone, as it was read.</summary>
/// <param name="List">The value at <c>/spec/ignoreDifferences</c>.</param>
/// <param name="Options">The value at <c>/spec/syncPolicy/syncOptions</c>.</param>
/// <param name="Writer">Field manager that wrote the list last; null when nobody or unknown.</param>
public sealed record RuleFacts(JsonValueAt List, JsonValueAt Options, string? Writer)
{
    public const string ListPath = "/spec/ignoreDifferences";
    public const string OptionsPath = "/spec/syncPolicy/syncOptions";

    public static RuleFacts None { get; } = new(new(ListPath, null, null), new(OptionsPath, null, null), null);

    /// <summary>Some rule is one of ours, whoever answers for it.</summary>
    public bool HasOurs => Items(List).Any(rule => rule is JsonObject one && one["managedFieldsManagers"] is JsonArray managers && managers.Any(manager => manager is JsonValue text && text.ToString() == HeldFields.Manager));

    internal static JsonArray Items(JsonValueAt list) => list.Json is { } json && JsonNode.Parse(json) is JsonArray items ? items : [];

    internal static IEnumerable<string> Texts(JsonValueAt list) => Items(list).OfType<JsonValue>().Select(value => value.ToString());
}
