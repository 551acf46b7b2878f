using System.Text.Json;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Whether the Application CRD knows <c>automated.enabled</c>. A CRD that does not know it drops it without a word, and the
/// pause would not be one. Asked now and then, since Argo CD is upgraded and put back while we run; where it may not be read,
/// the answer is null and nobody relies on the field.
/// </summary>
internal sealed class CrdFeatures(TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private Known? known; // one reference: several looks read and write it at once

    public async Task<bool?> KnowsEnabledAsync(Func<string, Task<ApiReply>> get)
    {
        if (known is { } fresh && time.GetUtcNow() - fresh.At < Fresh)
        {
            return fresh.KnowsEnabled;
        }

        var definition = await get(ApplicationPaths.CustomResource);
        var read = definition.IsOk
            ? InDefinition(definition.Body)
            : InOpenApi((await get(ApplicationPaths.OpenApi)).Body); // readable by everybody, since 1.24
        if (read is { } knows)
        {
            known = new(time.GetUtcNow(), knows);
        }

        return read ?? known?.KnowsEnabled;
    }

    internal static bool? InDefinition(JsonElement definition) =>
        definition.Items("spec", "versions")
            .Where(version => version.Text("name") == "v1alpha1")
            .Select(version => InSchema(version.At("schema", "openAPIV3Schema")))
            .FirstOrDefault();

    internal static bool? InOpenApi(JsonElement document) =>
        document.At("components", "schemas") is { IsObject: true } schemas
            ? schemas.EnumerateObject()
                .Where(schema => schema.Name.EndsWith(".v1alpha1.Application", StringComparison.Ordinal))
                .Select(schema => InSchema(schema.Value))
                .FirstOrDefault()
            : null;

    private static bool? InSchema(JsonElement schema) =>
        schema.At("properties", "spec", "properties", "syncPolicy", "properties", "automated", "properties") is { IsObject: true } automated
            ? !automated.At("enabled").IsAbsent
            : null;

    private sealed record Known(DateTimeOffset At, bool KnowsEnabled);
}
