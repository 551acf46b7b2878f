using System.Text.Json;
using System.Text.Json.Serialization;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>All that a list of thousands keeps of each Application.</summary>
internal readonly record struct ApplicationGlance(string Namespace, string Name, bool CarriesOverride)
{
    /// <summary>As <see cref="SpecWriting"/> tells it.</summary>
    public string? Written { get; init; }

    /// <summary>Null where only metadata was read; so are the next.</summary>
    public Vitals? Vitals { get; init; }

    public ApplicationScope? Scope { get; init; }

    /// <summary>The ApplicationSet that made it.</summary>
    public string? Set { get; init; }

    /// <summary>Namespaces that it owns something in, or that it deploys to where it owns nothing yet.</summary>
    public IReadOnlyList<string>? Namespaces { get; init; }
}

/// <summary>What rules look at.</summary>
internal sealed record ApplicationScope(string Project, string Server, string Cluster, string Namespace);

/// <summary>A list as it is kept: glances, and the version to watch from.</summary>
internal sealed record ApplicationGlances(IReadOnlyList<ApplicationGlance>? Items, [property: JsonPropertyName("metadata")] ListVersion? Metadata)
{
    /// <summary>An empty list of metadata comes as null.</summary>
    [JsonPropertyName("items")]
    public IReadOnlyList<ApplicationGlance> Items { get; } = Items ?? [];
}

internal sealed record ListVersion([property: JsonPropertyName("resourceVersion")] string? ResourceVersion);

/// <summary>Reads one item while the list streams by, looks at it, and lets it go.</summary>
internal sealed class ApplicationGlanceConverter : JsonConverter<ApplicationGlance>
{
    public override ApplicationGlance Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var item = JsonDocument.ParseValue(ref reader);
        var application = new ApplicationJson(item.RootElement);
        var ours = application.Annotation(Annotations.Operation) is not null
            || application.WriterOfPauseField() is { Manager: ArgoCdReconciler.FieldManager };
        var scope = ScopeOf(item.RootElement.At("spec"));
        return new(application.Namespace, application.Name, ours) { Namespaces = NamespacesOf(item.RootElement, scope), Scope = scope, Set = scope is null ? null : Owners.ClaimedSet(application), Vitals = scope is null ? null : VitalsReading.Of(application), Written = SpecWriting.Of(application) };
    }

    public override void Write(Utf8JsonWriter writer, ApplicationGlance value, JsonSerializerOptions options) =>
        throw new NotSupportedException("glances are only read");

    private static string[]? NamespacesOf(JsonElement item, ApplicationScope? scope)
    {
        var owned = item.Items("status", "resources").Select(resource => resource.Text("namespace")).OfType<string>().Where(name => name.Length > 0).Distinct().ToArray();
        return scope is null ? null : owned.Length > 0 ? owned : [scope.Namespace];
    }

    private static ApplicationScope? ScopeOf(JsonElement spec) => !spec.IsObject
        ? null
        : new(
            spec.Text("project") ?? "default",
            spec.Text("destination", "server") ?? "",
            spec.Text("destination", "name") ?? "",
            spec.Text("destination", "namespace") ?? "");
}
