using System.Text.Json.Nodes;

namespace ChatOps.Platform.Tests.Fakes;

/// <summary>Status bodies as a real API server 1.36 wrote them.</summary>
internal static class Statuses
{
    public static JsonObject NotFound(string path) => Of(404, "NotFound", $"applications.argoproj.io \"{path.Split('/')[^1]}\" not found");

    public static JsonObject Forbidden(string user, string path) => Of(
        403,
        "Forbidden",
        $"applications.argoproj.io \"{path.Split('/')[^1]}\" is forbidden: User \"{user}\" cannot patch resource \"applications\" in API group \"argoproj.io\" in the namespace \"argocd\"");

    public static JsonObject FailedTest() => Of(422, "Invalid", "the server rejected our request due to an error in our request", new());

    public static JsonObject Schema() => Of(422, "Invalid", "Application.argoproj.io \"checkout\" is invalid: spec.project: Invalid value: \"integer\"", new()
    {
        ["name"] = "checkout",
        ["kind"] = "Application",
        ["causes"] = new JsonArray(new JsonObject { ["reason"] = "FieldValueTypeInvalid", ["field"] = "spec.project" }),
    });

    public static JsonObject Of(int code, string reason, string message, JsonObject? details = null) => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = message,
        ["reason"] = reason,
        ["details"] = details,
        ["code"] = code,
    };
}
