using System.Text.Json.Nodes;

namespace ChatOps.Distill;

/// <summary>
/// The recordings of a project that a parent brings from Git say in words what was done, without requests and commits. These can be
/// told from the objects that were seen: the parent is made, the project as it first came is what Git has, roles are added by hand,
/// and a refresh is asked for wherever its annotation appears. How the role was written (there: a guarded JSON Patch) is not told.
/// </summary>
public static class ProjectInGit
{
    public static IReadOnlyList<JsonObject> Complete(IReadOnlyList<JsonObject> lines)
    {
        var parent = lines.FirstOrDefault(line => line["watch"]?.GetValue<string>() == "applications");
        var project = lines.FirstOrDefault(line => line["watch"]?.GetValue<string>() == "appprojects")?["object"] as JsonObject;
        var tracked = project?["metadata"]?["annotations"]?["argocd.argoproj.io/tracking-id"]?.GetValue<string>();
        if (lines.Any(line => line["request"] is not null) || tracked?.StartsWith($"{parent?["object"]!["metadata"]!["name"]}:", StringComparison.Ordinal) != true)
        {
            return lines;
        }

        var complete = new List<JsonObject>();
        var refreshing = false;
        for (var index = 0; index < lines.Count; index++)
        {
            var line = lines[index];
            if (line["watch"]?.GetValue<string>() == "applications")
            {
                var asked = line["object"]!["metadata"]!["annotations"]?["argocd.argoproj.io/refresh"] is not null;
                if (asked && !refreshing)
                {
                    complete.Add(Request(line, "PATCH", Path(line["object"]!), new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["argocd.argoproj.io/refresh"] = "normal" } } }));
                }

                refreshing = asked;
            }

            complete.Add(line);
            switch (line["does"]?.GetValue<string>().Split(' ')[0])
            {
                case "create":
                    complete.Add(Commit(line, parent!, project!["spec"]!.AsObject(), "head", RevisionIn(lines)));
                    complete.Add(Request(line, "POST", Path(parent!["object"]!, withName: false), Beginning.Of(parent["object"]!.AsObject())));
                    break;
                case "append":
                    complete.Add(Request(line, "PATCH", Path(project!), new() { ["spec"] = new JsonObject { ["roles"] = Next(lines, index)["spec"]!["roles"]!.DeepClone() } }));
                    break;
                case "an":
                    complete.Add(Commit(line, parent!, WithRolesOf(project!, Next(lines, index)), "message", "description"));
                    break;
            }
        }

        return complete;
    }

    /// <summary>The project as it is seen next.</summary>
    private static JsonObject Next(IReadOnlyList<JsonObject> lines, int index) =>
        lines.Skip(index).First(line => line["watch"]?.GetValue<string>() == "appprojects")["object"]!.AsObject();

    private static JsonObject WithRolesOf(JsonObject first, JsonObject later)
    {
        var spec = (JsonObject)later["spec"]!.DeepClone();
        spec.Remove("roles");
        if (first["spec"]!["roles"] is { } roles)
        {
            spec["roles"] = roles.DeepClone();
        }

        return spec;
    }

    private static string RevisionIn(IReadOnlyList<JsonObject> lines) =>
        lines.Select(line => line["object"]?["status"]?["sync"]?["revision"]?.GetValue<string>()).First(revision => revision is { Length: 40 })!;

    private static JsonObject Commit(JsonObject line, JsonObject parent, JsonObject spec, string key, string value)
    {
        var source = parent["object"]!["spec"]!["source"]!;
        var tracked = parent["object"]!["metadata"]!["name"]!.GetValue<string>();
        var manifest = new JsonObject
        {
            ["apiVersion"] = "argoproj.io/v1alpha1",
            ["kind"] = "AppProject",
            ["metadata"] = new JsonObject { ["name"] = tracked[..^"-parent".Length], ["namespace"] = "argocd" },
            ["spec"] = spec.DeepClone(),
        };
        return new JsonObject
        {
            ["t"] = line["t"]!.DeepClone(),
            ["git"] = new JsonObject
            {
                ["repo"] = source["repoURL"]!.GetValue<string>().Split('/')[^1].Replace(".git", "", StringComparison.Ordinal),
                ["branch"] = source["targetRevision"]!.DeepClone(),
                [key] = value,
                ["files"] = new JsonObject { [$"{source["path"]}/project.yaml"] = manifest.ToJsonString() },
            },
        };
    }

    private static JsonObject Request(JsonObject line, string method, string path, JsonObject body) => new()
    {
        ["t"] = line["t"]!.DeepClone(),
        ["request"] = new JsonObject
        {
            ["method"] = method,
            ["path"] = path,
            ["user"] = line["who"]?.DeepClone() ?? "chatops",
            ["contentType"] = method == "POST" ? "application/json" : "application/merge-patch+json",
            ["body"] = body,
        },
    };

    private static string Path(JsonNode seen, bool withName = true)
    {
        var folder = $"/apis/argoproj.io/v1alpha1/namespaces/argocd/{seen["kind"]!.GetValue<string>().ToLowerInvariant()}s";
        return withName ? $"{folder}/{seen["metadata"]!["name"]}" : folder;
    }
}
