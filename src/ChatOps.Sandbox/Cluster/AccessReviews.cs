using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>"May I?" and "may they?", answered with the binding that says so.</summary>
internal sealed class AccessReviews(Rbac rbac)
{
    public JsonObject? Answer(Caller caller, string resource, JsonObject body)
    {
        var review = (JsonObject)body.DeepClone();
        var spec = review["spec"] as JsonObject ?? [];
        switch (resource)
        {
            case "selfsubjectaccessreviews":
                review["status"] = Decide(caller, spec);
                return review;
            case "subjectaccessreviews" or "localsubjectaccessreviews":
                rbac.Demand(caller, new Wish("create", "authorization.k8s.io", resource, "", "", ""));
                var groups = spec["groups"]?.AsArray().Select(group => group!.GetValue<string>()).ToArray() ?? [];
                review["status"] = Decide(Caller.Of(spec["user"]?.GetValue<string>() ?? "", groups), spec);
                return review;
            case "selfsubjectrulesreviews":
                var rules = rbac.RulesFor(caller, spec["namespace"]?.GetValue<string>() ?? "");
                review["status"] = new JsonObject
                {
                    ["resourceRules"] = new JsonArray([.. rules.Where(rule => rule["resources"] is not null).Select(rule => rule.DeepClone())]),
                    ["nonResourceRules"] = new JsonArray([.. rules.Where(rule => rule["nonResourceURLs"] is not null).Select(rule => rule.DeepClone())]),
                    ["incomplete"] = false,
                };
                return review;
            case "selfsubjectreviews":
                review["status"] = new JsonObject { ["userInfo"] = caller.ToJson() };
                return review;
            default:
                return null;
        }
    }

    private JsonObject Decide(Caller caller, JsonObject spec)
    {
        string Text(string part, string key) => spec[part]?[key]?.GetValue<string>() ?? "";
        const string Resource = "resourceAttributes";
        const string Path = "nonResourceAttributes";
        var wish = spec[Path] is not null
            ? new Wish(Text(Path, "verb"), "", "", "", "", "", Text(Path, "path"))
            : new Wish(Text(Resource, "verb"), Text(Resource, "group"), Text(Resource, "resource"), Text(Resource, "subresource"), Text(Resource, "namespace"), Text(Resource, "name"));
        var reason = rbac.Allows(caller, wish);
        var status = new JsonObject { ["allowed"] = reason is not null };
        if (reason is { Length: > 0 })
        {
            status["reason"] = reason;
        }

        return status;
    }
}
