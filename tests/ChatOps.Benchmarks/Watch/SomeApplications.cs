using System.Text.Json.Nodes;

namespace ChatOps.Benchmarks.Watch;

/// <summary>
/// Applications as a real Argo CD keeps them: shaped as the recorded ones, with forty live objects, ten history entries and
/// three writers, which makes each some 19 kB. Metadata only is what the API server sends of the same.
/// </summary>
internal static class SomeApplications
{
    private const int Objects = 40;
    private const int Deployments = 10;

    public static JsonObject Whole(int number, int version)
    {
        var application = Metadata(number, version);
        (application["apiVersion"], application["kind"]) = ("argoproj.io/v1alpha1", "Application");
        application["spec"] = new JsonObject
        {
            ["project"] = $"team-{number % 50}",
            ["source"] = Source(number),
            ["destination"] = new JsonObject { ["server"] = "https://kubernetes.default.svc", ["namespace"] = $"team-{number % 50}" },
            ["syncPolicy"] = new JsonObject { ["automated"] = new JsonObject { ["prune"] = true, ["selfHeal"] = true }, ["syncOptions"] = new JsonArray("CreateNamespace=true", "ServerSideApply=true") },
        };
        application["status"] = new JsonObject
        {
            ["sync"] = new JsonObject { ["status"] = "Synced", ["revision"] = Revision(number), ["comparedTo"] = new JsonObject { ["source"] = Source(number) } },
            ["health"] = new JsonObject { ["status"] = "Healthy", ["lastTransitionTime"] = "2026-11-23T08:54:19Z" },
            ["reconciledAt"] = "2026-11-23T08:56:18Z",
            ["resources"] = new JsonArray([.. Enumerable.Range(0, Objects).Select(at => (JsonNode)Resource(number, at, "health"))]),
            ["history"] = new JsonArray([.. Enumerable.Range(0, Deployments).Select(at => (JsonNode)new JsonObject
            {
                ["id"] = at,
                ["revision"] = Revision(number + at),
                ["deployStartedAt"] = "2026-11-23T08:53:38Z",
                ["deployedAt"] = "2026-11-23T08:53:39Z",
                ["source"] = Source(number),
                ["initiatedBy"] = new JsonObject { ["automated"] = true },
            })]),
            ["operationState"] = new JsonObject
            {
                ["phase"] = "Succeeded",
                ["message"] = "successfully synced (all tasks run)",
                ["startedAt"] = "2026-11-23T08:53:38Z",
                ["finishedAt"] = "2026-11-23T08:53:39Z",
                ["operation"] = new JsonObject { ["initiatedBy"] = new JsonObject { ["automated"] = true }, ["sync"] = new JsonObject { ["revision"] = Revision(number), ["prune"] = true } },
                ["syncResult"] = new JsonObject { ["revision"] = Revision(number), ["source"] = Source(number), ["resources"] = new JsonArray([.. Enumerable.Range(0, Objects).Select(at => (JsonNode)Resource(number, at, "message"))]) },
            },
            ["summary"] = new JsonObject { ["images"] = new JsonArray([.. Enumerable.Range(0, 5).Select(at => (JsonNode)$"registry.example.com/team/app-{number}-{at}:{Revision(number)[..8]}")]) },
        };
        return application;
    }

    public static JsonObject MetadataOnly(int number, int version)
    {
        var application = Metadata(number, version);
        (application["apiVersion"], application["kind"]) = ("meta.k8s.io/v1", "PartialObjectMetadata");
        return application;
    }

    private static JsonObject Metadata(int number, int version) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = $"app-{number}",
            ["namespace"] = "argocd",
            ["uid"] = new Guid(number, 0, 0, new byte[8]).ToString(),
            ["resourceVersion"] = $"{version}",
            ["generation"] = version,
            ["creationTimestamp"] = "2026-11-23T08:53:38Z",
            ["labels"] = new JsonObject { ["team"] = $"team-{number % 50}" },
            ["annotations"] = new JsonObject { ["argocd.argoproj.io/tracking-id"] = $"apps:argoproj.io/Application:argocd/app-{number}" },
            ["managedFields"] = new JsonArray(
                Writer("argocd-applicationset-controller", """{"f:spec":{".":{},"f:destination":{".":{},"f:namespace":{},"f:server":{}},"f:project":{},"f:source":{".":{},"f:path":{},"f:repoURL":{},"f:targetRevision":{}},"f:syncPolicy":{".":{},"f:automated":{".":{},"f:prune":{},"f:selfHeal":{}},"f:syncOptions":{}}}}"""),
                Writer("argocd-server", """{"f:metadata":{"f:annotations":{".":{},"f:argocd.argoproj.io/refresh":{}}}}"""),
                Writer("argocd-application-controller", """{"f:status":{".":{},"f:controllerNamespace":{},"f:health":{},"f:history":{},"f:operationState":{".":{},"f:finishedAt":{},"f:message":{},"f:operation":{},"f:phase":{},"f:startedAt":{},"f:syncResult":{}},"f:reconciledAt":{},"f:resources":{},"f:sourceType":{},"f:summary":{".":{},"f:images":{}},"f:sync":{".":{},"f:comparedTo":{},"f:revision":{},"f:status":{}}}}""")),
        },
    };

    private static JsonObject Writer(string manager, string fields) => new()
    {
        ["manager"] = manager,
        ["operation"] = "Update",
        ["apiVersion"] = "argoproj.io/v1alpha1",
        ["time"] = "2026-11-23T08:53:38Z",
        ["fieldsType"] = "FieldsV1",
        ["fieldsV1"] = JsonNode.Parse(fields),
    };

    private static JsonObject Source(int number) => new() { ["repoURL"] = $"https://git.example.com/team-{number % 50}/app-{number}.git", ["path"] = $"deploy/overlays/production/app-{number}", ["targetRevision"] = "main" };

    private static JsonObject Resource(int number, int at, string with)
    {
        var resource = new JsonObject { ["group"] = at % 3 == 0 ? "apps" : "", ["version"] = "v1", ["kind"] = at % 3 == 0 ? "Deployment" : "ConfigMap", ["namespace"] = $"team-{number % 50}", ["name"] = $"app-{number}-part-{at}", ["status"] = "Synced" };
        resource[with] = with == "health" ? new JsonObject { ["status"] = "Healthy" } : $"{(at % 3 == 0 ? "deployment.apps" : "configmap")}/app-{number}-part-{at} serverside-applied";
        return resource;
    }

    private static string Revision(int number) => $"{number:x8}e1b3bdc102f805026e3605155a8ff697";
}
