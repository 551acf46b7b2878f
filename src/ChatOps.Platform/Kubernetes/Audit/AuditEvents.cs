using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChatOps.Core.Evidence;
using ChatOps.Core.Incidents;

namespace ChatOps.Platform.Kubernetes.Audit;

/// <summary>What an API server posts to its audit webhook: a list of events of <c>audit.k8s.io/v1</c>, as far as it is read here.</summary>
public static class AuditEvents
{
    private const int LongestWords = 253;

    /// <summary>What is in a patch, and how deep, is up to whoever sends it: it must not hide what stands beside it in the list.</summary>
    private const int Deepest = 10_000;

    /// <summary>Null when it is no such list. An event that tells of no moment, person or object is nobody's and left out.</summary>
    public static IReadOnlyList<AuditNotice>? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var list = JsonDocument.Parse(body, new() { MaxDepth = Deepest });
            return list.RootElement is { ValueKind: JsonValueKind.Object } root && root.Text("kind") == "EventList" && root.Text("apiVersion") == "audit.k8s.io/v1"
                ? [.. root.Items("items").Select(Readable).OfType<AuditNotice>()]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A text that is none (half a character) makes one event nobody's, and not the list.</summary>
    private static AuditNotice? Readable(JsonElement one)
    {
        try
        {
            return Read(one);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static AuditNotice? Read(JsonElement one)
    {
        AuditStage? stage = one.Text("stage") switch
        {
            "ResponseStarted" => AuditStage.Began,
            "ResponseComplete" => AuditStage.Complete,
            _ => null,
        };
        if (stage is not { } known || one.Time("requestReceivedTimestamp") is not { } at || one.Text("user", "username") is not { } user || one.Text("objectRef", "resource") is not { } resource)
        {
            return null;
        }

        var (uri, verb) = (one.Text("requestURI") ?? "", one.Text("verb") ?? "");
        var target = new DeedObject(Short(one.Text("objectRef", "apiGroup")) ?? "", Short(resource)!, Short(one.Text("objectRef", "subresource")), Short(one.Text("objectRef", "namespace")), Short(one.Text("objectRef", "name")));
        return target is { Resource: "pods", Subresource: "log" } && !RequestQuery.MayFollow(uri)
            ? null // read once, and over
            : new(
                RequestOf(one, uri, verb, user), known, Clock.WholeMilliseconds(at), Clock.WholeMilliseconds(one.Time("stageTimestamp") ?? at), Short(user)!, Short(one.Text("impersonatedUser", "username")),
                Short(verb)!, target, one.Number("responseStatus", "code") ?? 0, IsRehearsal(one, uri, verb, target), FieldsOf(verb, target, one.At("requestObject")));
    }

    /// <summary>
    /// Only what the API server surely took for one. Of a delete with a body it reads nothing else, and whether there was one only
    /// an event tells that has bodies; a token it issues all the same, and what is opened or read it opens and reads.
    /// </summary>
    private static bool IsRehearsal(JsonElement one, string uri, string verb, DeedObject target) => (target, verb) switch
    {
        ({ Resource: "serviceaccounts", Subresource: "token" }, _) => false,
        ({ Subresource: "exec" or "attach" or "portforward" or "proxy" or "log" }, _) or (_, "get" or "list" or "watch" or "connect") => false,
        (_, "delete" or "deletecollection") when !one.At("requestObject").IsAbsent => RequestQuery.IsAll([.. one.At("requestObject").Texts("dryRun")]),
        (_, "delete" or "deletecollection") when one.Text("level") is not ("Request" or "RequestResponse") || one.Text("annotations", "audit.k8s.io/truncated") is not null => false,
        _ => RequestQuery.IsAll(RequestQuery.Values(uri, "dryRun")),
    };

    /// <summary>
    /// An update brings the whole object, and no event tells how it was before: what changed is known of none but a scale, which
    /// holds one number.
    /// </summary>
    private static IReadOnlyList<string> FieldsOf(string verb, DeedObject target, JsonElement sent) => (verb, target.Subresource) switch
    {
        ("patch", _) => Fields(target.Resource, sent),
        ("update", "scale") => [.. Fields(target.Resource, sent).Where(field => field.StartsWith("/spec/", StringComparison.Ordinal))],
        _ => [],
    };

    /// <summary>A patch that cannot be told is told as that: the deed is known all the same.</summary>
    private static IReadOnlyList<string> Fields(string resource, JsonElement patch)
    {
        try
        {
            return PatchSummary.Of(resource, patch);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            return ["(fields that cannot be read)"];
        }
    }

    /// <summary>The moment in microseconds is the API server's own; the id may be the caller's.</summary>
    private static string RequestOf(JsonElement one, string uri, string verb, string user)
    {
        var all = string.Join('\n', one.Text("auditID"), one.Text("requestReceivedTimestamp"), verb, user, uri);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)).AsSpan(0, 8));
    }

    private static string? Short(string? words) => words switch
    {
        null or "" => null,
        { Length: > LongestWords } => words[..LongestWords] + "…",
        _ => words,
    };
}
