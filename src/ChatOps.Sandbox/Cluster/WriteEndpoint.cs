using System.Text.Json.Nodes;
using YamlDotNet.Core;

namespace ChatOps.Sandbox.Cluster;

/// <summary>Turns POST, PUT, PATCH and DELETE into writes.</summary>
internal sealed class WriteEndpoint(ResourceWrites writes, ResourceReads reads, ClusterStore store)
{
    public (int Status, string Body) Handle(HttpContext context, Caller caller, Route route, ResourceKind kind, SeenRequest seen, Selection selection)
    {
        var query = context.Request.Query;
        var request = new WriteRequest(
            kind,
            kind.Namespaced ? route.Namespace : "",
            route.Name,
            route.Subresource,
            caller,
            new Writer(ManagerOf(context.Request), route.Subresource),
            query["fieldValidation"].ToString() == "Strict",
            query["dryRun"].ToString() == "All");
        var status = seen.Verb == "create" ? 201 : 200;
        JsonObject answer;
        switch (seen.Verb)
        {
            case "create":
                answer = writes.Create(request, Parse(seen)).Read();
                break;
            case "update":
                var replacement = Parse(seen);
                answer = route.Subresource == "scale"
                    ? Deployments.ToScale(writes.Patch(request, current => Deployments.WithScale(current, replacement)).Read())
                    : writes.Replace(request, replacement).Read();
                break;
            case "patch":
                answer = Patch(request, seen);
                break;
            case "delete":
                var options = seen.Body.Length == 0 ? null : Parse(seen)["preconditions"] as JsonObject;
                answer = writes.Delete(request, options).Read();
                break;
            case "deletecollection":
                foreach (var item in store.List(kind, request.Namespace).Items.Select(stored => stored.Read()).Where(selection.Matches))
                {
                    writes.Delete(request with { Name = item["metadata"]!["name"]!.GetValue<string>(), Namespace = item["metadata"]!["namespace"]?.GetValue<string>() ?? "" }, null);
                }

                answer = reads.List(kind, route, query, selection);
                break;
            default:
                throw ApiRefusal.NoSuchPath();
        }

        foreach (var warning in request.Warnings)
        {
            context.Response.Headers.Append("Warning", $"299 - \"{warning.Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        }

        return (status, answer.ToJsonString());
    }

    private JsonObject Patch(WriteRequest request, SeenRequest seen)
    {
        var strategic = seen.ContentType.StartsWith("application/strategic-merge-patch+json", StringComparison.Ordinal) && !request.Kind.IsCustom;
        var document = seen.ContentType.Split(';')[0] is "application/apply-patch+yaml" ? null : JsonNode.Parse(seen.Body);
        Func<JsonObject, JsonObject> patch = seen.ContentType.Split(';')[0] switch
        {
            "application/json-patch+json" => current => JsonPatch.Apply(current, document as JsonArray ?? throw ApiRefusal.BadRequest("error decoding patch: not a list")),
            "application/merge-patch+json" => current => MergePatch.Apply(current, document as JsonObject ?? throw ApiRefusal.BadRequest("error decoding patch: not an object"), strategic: false),
            _ when strategic => current => MergePatch.Apply(current, document as JsonObject ?? throw ApiRefusal.BadRequest("error decoding patch: not an object"), strategic: true),
            _ => throw ApiRefusal.UnknownFormat(request.Kind.IsCustom),
        };
        return request.Subresource == "scale"
            ? Deployments.ToScale(writes.Patch(request, current => Deployments.WithScale(current, patch(Deployments.ToScale(current)))).Read())
            : writes.Patch(request, patch).Read();
    }

    private static JsonObject Parse(SeenRequest seen)
    {
        try
        {
            var document = seen.ContentType.Contains("yaml", StringComparison.Ordinal) ? Manifests.Yaml.ParseAll(seen.Body)[0] : JsonNode.Parse(seen.Body);
            return document as JsonObject ?? throw ApiRefusal.BadRequest("the object provided is unrecognized (must be of type object)");
        }
        catch (YamlException problem)
        {
            throw ApiRefusal.BadRequest($"error converting YAML to JSON: {problem.Message}");
        }
    }

    /// <summary>Without a name given, the part of the user agent before the first slash, as the real one does.</summary>
    private static string ManagerOf(HttpRequest request)
    {
        var named = request.Query["fieldManager"].ToString();
        var agent = request.Headers.UserAgent.ToString().Split('/')[0];
        return named.Length > 0 ? named : agent.Length > 0 ? agent : "unknown";
    }
}
