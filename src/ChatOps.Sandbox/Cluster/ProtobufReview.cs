using System.Text;
using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>kubectl asks its access reviews in protobuf and nothing else; this reads just those.</summary>
internal static class ProtobufReview
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";
    private static readonly string[] ResourceFields = ["", "namespace", "verb", "group", "version", "resource", "subresource", "name"];
    private static readonly string[] PathFields = ["", "path", "verb"];

    public static string ToJson(byte[] body)
    {
        var envelope = body.Length > 4 ? body.AsMemory(4) : default;
        var spec = new JsonObject();
        foreach (var (field, raw) in Fields(envelope).Where(part => part.Field == 2).SelectMany(part => Fields(part.Value)).Where(part => part.Field == 2).SelectMany(part => Fields(part.Value)))
        {
            switch (field)
            {
                case 1:
                    spec["resourceAttributes"] = Texts(raw, ResourceFields);
                    break;
                case 2:
                    spec["nonResourceAttributes"] = Texts(raw, PathFields);
                    break;
            }
        }

        return new JsonObject { ["kind"] = "SelfSubjectAccessReview", ["apiVersion"] = "authorization.k8s.io/v1", ["metadata"] = new JsonObject(), ["spec"] = spec }.ToJsonString();
    }

    private static JsonObject Texts(ReadOnlyMemory<byte> message, string[] names) => new(Fields(message)
        .Where(part => part.Field < names.Length)
        .Select(part => KeyValuePair.Create(names[part.Field], (JsonNode?)Encoding.UTF8.GetString(part.Value.Span))));

    /// <summary>The length-delimited fields of a message; an access review's spec has no others.</summary>
    private static IEnumerable<(int Field, ReadOnlyMemory<byte> Value)> Fields(ReadOnlyMemory<byte> message)
    {
        var position = 0;
        while (position < message.Length)
        {
            var tag = Number(message, ref position);
            var length = Number(message, ref position);
            if ((tag & 7) != 2 || length > message.Length - position)
            {
                yield break;
            }

            yield return (tag >> 3, message.Slice(position, length));
            position += length;
        }
    }

    private static int Number(ReadOnlyMemory<byte> message, ref int position)
    {
        var number = 0;
        for (var shift = 0; position < message.Length; shift += 7)
        {
            var next = message.Span[position++];
            number |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                break;
            }
        }

        return number;
    }
}
