using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>Of a Service's rules the one that people meet when somebody edited a port by hand: two ports cannot have one name.</summary>
internal static class Services
{
    public static void Admit(WriteRequest request, JsonObject next)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var index = 0;
        foreach (var port in next["spec"]?["ports"]?.AsArray() ?? [])
        {
            if (port?["name"]?.GetValue<string>() is { Length: > 0 } name && !names.Add(name))
            {
                throw ApiRefusal.Invalid(request.Kind, request.Name, $"spec.ports[{index}].name", "FieldValueDuplicate", $"Duplicate value: \"{name}\"");
            }

            index++;
        }
    }
}
