using System.Text.Json;

namespace ChatOps.Platform.Kubernetes;

/// <summary>Who wrote a field, as the API server keeps it: the tool and the second, never the person.</summary>
public sealed record FieldWriter(string Manager, DateTimeOffset? At);

/// <summary>Reads <c>metadata.managedFields</c>.</summary>
public static class ManagedFields
{
    /// <summary>The manager that wrote the field last; null when nobody is named for it.</summary>
    public static FieldWriter? LastWriterOf(JsonElement resource, params ReadOnlySpan<string> path)
    {
        var keys = Keys(path);
        FieldWriter? last = null;
        foreach (var entry in resource.Items("metadata", "managedFields"))
        {
            if (entry.At("fieldsV1").At(keys).IsAbsent || entry.Text("manager") is not { } manager)
            {
                continue;
            }

            var writer = new FieldWriter(manager, entry.Time("time"));
            last = last is null || (writer.At ?? DateTimeOffset.MinValue) >= (last.At ?? DateTimeOffset.MinValue) ? writer : last;
        }

        return last;
    }

    /// <summary>Everybody who wrote at or below the field, with how: <c>Apply</c> means that they will do it again.</summary>
    public static IEnumerable<(string Manager, bool Applies)> WritersOf(JsonElement resource, string field) =>
        from entry in resource.Items("metadata", "managedFields")
        where !entry.At("fieldsV1", $"f:{field}").IsAbsent && entry.Text("manager") is not null
        select (entry.Text("manager")!, entry.Text("operation") == "Apply");

    private static string[] Keys(ReadOnlySpan<string> path)
    {
        var keys = new string[path.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = $"f:{path[i]}";
        }

        return keys;
    }
}
