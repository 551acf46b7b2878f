using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>An answer of the API server that is not the object asked for; becomes a Status body, word for word as recorded from a real one.</summary>
internal sealed class ApiRefusal(int code, string reason, string message, JsonObject? details = null) : Exception(message)
{
    public int Code { get; } = code;

    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
            ["reason"] = reason,
        };
        if (details is not null)
        {
            status["details"] = details.DeepClone();
        }

        status["code"] = Code;
        return status;
    }

    public static ApiRefusal Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static ApiRefusal BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiRefusal NotFound(ResourceKind kind, string name) =>
        new(404, "NotFound", $"{kind.QualifiedName} \"{name}\" not found", Details(kind, name));

    public static ApiRefusal NoSuchPath() => new(404, "NotFound", "the server could not find the requested resource", []);

    public static ApiRefusal Exists(ResourceKind kind, string name) =>
        new(409, "AlreadyExists", $"{kind.QualifiedName} \"{name}\" already exists", Details(kind, name));

    public static ApiRefusal Conflict(ResourceKind kind, string name) => new(
        409,
        "Conflict",
        $"Operation cannot be fulfilled on {kind.QualifiedName} \"{name}\": the object has been modified; please apply your changes to the latest version and try again",
        Details(kind, name));

    public static ApiRefusal ListExpired() => new(410, "Expired", "The resourceVersion for the provided list is too old.");

    public static ApiRefusal WatchExpired(long asked, long oldest) => new(410, "Expired", $"too old resource version: {asked} ({oldest})");

    public static ApiRefusal TooLarge(long asked, long current) =>
        new(504, "Timeout", $"Too large resource version: {asked}, current: {current}", new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" }), ["retryAfterSeconds"] = 1 });

    public static ApiRefusal UnknownFormat(bool custom) => new(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, " + (custom ? "application/apply-patch+yaml" : "application/strategic-merge-patch+json, application/apply-patch+yaml"));

    /// <summary>A failing <c>test</c> and a missing path look the same to the caller.</summary>
    public static ApiRefusal PatchRejected() => new(422, "Invalid", "the server rejected our request due to an error in our request", []);

    public static ApiRefusal NoWatchList() =>
        new(500, "InternalError", "a watch stream was requested by the client but the required storage feature RequestWatchProgress is disabled");

    public static ApiRefusal Forbidden(string group, string resource, string name, string message)
    {
        var details = new JsonObject();
        AddUnlessEmpty(details, "name", name);
        AddUnlessEmpty(details, "group", group);
        details["kind"] = resource;
        var qualified = group.Length == 0 ? resource : $"{resource}.{group}";
        var named = name.Length == 0 ? qualified : $"{qualified} \"{name}\"";
        return new(403, "Forbidden", $"{named} is forbidden: {message}", details);
    }

    public static ApiRefusal Invalid(ResourceKind kind, string name, string field, string reason, string problem) => new(
        422,
        "Invalid",
        $"{kind.Kind}{(kind.Group.Length == 0 ? "" : "." + kind.Group)} \"{name}\" is invalid: {field}: {problem}",
        new JsonObject
        {
            ["name"] = name,
            ["group"] = kind.Group,
            ["kind"] = kind.Kind,
            ["causes"] = new JsonArray(new JsonObject { ["reason"] = reason, ["message"] = problem, ["field"] = field }),
        });

    private static JsonObject Details(ResourceKind kind, string name)
    {
        var details = new JsonObject { ["name"] = name };
        AddUnlessEmpty(details, "group", kind.Group);
        details["kind"] = kind.Plural;
        return details;
    }

    private static void AddUnlessEmpty(JsonObject details, string key, string value)
    {
        if (value.Length > 0)
        {
            details[key] = value;
        }
    }
}
