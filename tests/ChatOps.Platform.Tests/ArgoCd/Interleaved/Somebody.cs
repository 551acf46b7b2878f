using System.Text.Json.Nodes;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Tests.Fakes;

namespace ChatOps.Platform.Tests.ArgoCd.Interleaved;

/// <summary>Everybody else who writes the application and its project: people with kubectl, Git, an owner, and Argo CD itself.</summary>
internal sealed class Somebody(FakeKubernetesApi fake)
{
    public const string Application = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/shop";
    public const string Project = "/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/shop";

    /// <summary>What they may do next, by number.</summary>
    public static IReadOnlyList<string> Acts { get; } =
    [
        "annotates", "takes the annotation off", "moves the path", "toggles prune", "switches on", "switches off", "takes enabled out", "takes the sync policy out",
        "moves the revision", "puts the revision back", "hands over an operation", "takes the operation off", "another operation waits in its place", "another operation runs in its place", "ends what runs", "a window keeps what runs",
        "Argo CD begins what is there, or syncs by itself", "Argo CD works", "the approval lapses", "asks for a refresh", "takes all annotations", "deletes it and makes it again", "moves it to another project",
        "adds a window in front", "adds a window behind", "adds a window that denies", "takes a window out", "turns the windows round", "changes a window", "adds a role", "takes the list out", "writes the list anew", "takes ours out",
        "the next answer is lost", "the next write meets a conflict", "the next write is done and said to have failed", "the next write comes to nothing",
    ];

    private const string Controller = "argocd-application-controller";
    private int made;

    /// <summary>What was handed over and does not go on is to be taken back.</summary>
    public bool HasLapsed { get; private set; }

    public void Do(int which)
    {
        switch (Acts[which])
        {
            case "annotates":
                Edit(Application, application => ((JsonObject)(application["metadata"]!["annotations"] ??= new JsonObject()))["team"] = $"t{++made}");
                break;
            case "takes the annotation off":
                Edit(Application, application => (application["metadata"]!["annotations"] as JsonObject)?.Remove("team"));
                break;
            case "moves the path":
                Edit(Application, application => application["spec"]!["source"]!["path"] = $"shop-{++made}");
                break;
            case "toggles prune":
                Edit(Application, application => Automated(application)?["prune"] = !((bool?)Automated(application)!["prune"] ?? false));
                break;
            case "switches on":
                Edit(Application, application => Automated(application)?["enabled"] = true);
                break;
            case "switches off":
                Edit(Application, application => Automated(application)?["enabled"] = false);
                break;
            case "takes enabled out":
                Edit(Application, application => Automated(application)?.Remove("enabled"));
                break;
            case "takes the sync policy out":
                Edit(Application, application => application["spec"]!.AsObject().Remove("syncPolicy"));
                break;
            case "moves the revision":
                Edit(Application, application => application["spec"]!["source"]!["targetRevision"] = $"v{++made}");
                break;
            case "puts the revision back":
                Edit(Application, application => application["spec"]!["source"]!["targetRevision"] = "main");
                break;
            case "hands over an operation":
                Edit(Application, application => application["operation"] ??= Operation());
                break;
            case "takes the operation off":
                Edit(Application, application => application.Remove("operation"));
                break;
            case "another operation waits in its place":
                Work();
                Edit(Application, application => application["operation"] = Operation());
                break;
            case "another operation runs in its place":
                Work();
                Edit(Application, application => Begin(application, Operation()), Controller);
                break;
            case "ends what runs":
                Edit(Application, application => Running(application)?["phase"] = "Terminating");
                break;
            case "a window keeps what runs":
                Edit(Application, application => Running(application)?["message"] = "operation is blocked by sync window", Controller);
                break;
            case "Argo CD begins what is there, or syncs by itself":
                Edit(Application, application =>
                {
                    if (Running(application) is null)
                    {
                        Begin(application, application["operation"]?.DeepClone() ?? Operation(automated: true));
                    }
                }, Controller);
                break;
            case "Argo CD works":
                Work();
                break;
            case "the approval lapses":
                HasLapsed = true;
                break;
            case "asks for a refresh":
                Edit(Application, application => ((JsonObject)(application["metadata"]!["annotations"] ??= new JsonObject()))[Annotations.Refresh] = "hard");
                break;
            case "takes all annotations":
                Edit(Application, application => application["metadata"]!.AsObject().Remove("annotations"));
                break;
            case "deletes it and makes it again":
                MakeAgain();
                break;
            case "moves it to another project":
                Edit(Application, application => application["spec"]!["project"] = "other");
                break;
            case "adds a window in front":
                Edit(Project, project => Windows(project).Insert(0, Window()));
                break;
            case "adds a window behind":
                Edit(Project, project => Windows(project).Add(Window()));
                break;
            case "adds a window that denies":
                Edit(Project, project => Windows(project).Add(new JsonObject { ["kind"] = "deny", ["schedule"] = "* * * * *", ["duration"] = $"{++made}h", ["applications"] = new JsonArray("*") }));
                break;
            case "takes a window out":
                Edit(Project, project => Windows(project).Remove(Windows(project).LastOrDefault(window => !Judge.IsOurs(window))));
                break;
            case "turns the windows round":
                Edit(Project, project => project["spec"]!["syncWindows"] = new JsonArray([.. Windows(project).Reverse().Select(window => window!.DeepClone())]));
                break;
            case "changes a window":
                Edit(Project, project => Windows(project).FirstOrDefault(window => !Judge.IsOurs(window))?["duration"] = $"{++made}m");
                break;
            case "adds a role":
                Edit(Project, project => ((JsonArray)(project["spec"]!["roles"] ??= new JsonArray())).Add(new JsonObject { ["name"] = $"r{++made}" }));
                break;
            case "takes the list out":
                Edit(Project, project => project["spec"]!.AsObject().Remove("syncWindows"));
                break;
            case "writes the list anew":
                Edit(Project, project => project["spec"]!["syncWindows"] = new JsonArray(Window()));
                break;
            case "takes ours out":
                Edit(Project, project => Windows(project).Remove(Windows(project).FirstOrDefault(Judge.IsOurs)));
                break;
            case "the next answer is lost":
                fake.Faults["PATCH"] = new("PATCH") { DropsAnswer = true };
                break;
            case "the next write meets a conflict":
                fake.Faults["PATCH"] = new("PATCH") { Status = 409 };
                break;
            case "the next write is done and said to have failed":
                fake.Faults["PATCH"] = new("PATCH") { SaysAfterwards = 500 };
                break;
            case "the next write comes to nothing":
                fake.Faults["PATCH"] = new("PATCH") { CutsBefore = true };
                break;
            default:
                throw new InvalidOperationException(Acts[which]);
        }
    }

    /// <summary>Argo CD answers a refresh, and ends what it was handed.</summary>
    public void Work() => Edit(Application, application =>
    {
        (application["metadata"]!["annotations"] as JsonObject)?.Remove(Annotations.Refresh);
        var running = Running(application);
        if ((running?["operation"] ?? application["operation"]) is { } operation)
        {
            application["status"]!["operationState"] = new JsonObject
            {
                ["phase"] = (string?)running?["phase"] == "Terminating" ? "Failed" : "Succeeded",
                ["startedAt"] = running?["startedAt"]?.DeepClone() ?? Moment(),
                ["finishedAt"] = Moment(),
                ["operation"] = operation.DeepClone(),
                ["syncResult"] = new JsonObject { ["revision"] = operation["sync"]?["revision"]?.DeepClone() ?? "949765c7" },
            };
            application.Remove("operation");
        }
    }, Controller);

    /// <summary>No two operations begin in the same second, by which they are told apart.</summary>
    private string Moment() => $"{Some.Now.AddHours(-1).AddSeconds(++made):yyyy-MM-dd'T'HH:mm:ss'Z'}";

    private JsonNode Operation(bool automated = false) => JsonNode.Parse($$$"""{"initiatedBy":{{{(automated ? """{"automated":true}""" : """{"username":"kim"}""")}}},"info":[{"name":"nr","value":"{{{++made}}}"}],"sync":{}}""")!;

    private void Begin(JsonObject application, JsonNode operation)
    {
        application["operation"] = operation;
        application["status"]!["operationState"] = new JsonObject { ["phase"] = "Running", ["startedAt"] = Moment(), ["operation"] = operation.DeepClone() };
    }

    private static JsonObject? Running(JsonObject application) =>
        application["status"]!["operationState"] is JsonObject state && (string?)state["phase"] is "Running" or "Terminating" ? state : null;

    private static JsonObject? Automated(JsonObject application) => application["spec"]!["syncPolicy"]?["automated"] as JsonObject;

    private static JsonArray Windows(JsonObject project) => (JsonArray)(project["spec"]!["syncWindows"] ??= new JsonArray());

    private JsonObject Window() => new() { ["kind"] = "allow", ["schedule"] = "* * * * *", ["duration"] = $"{++made}h", ["applications"] = new JsonArray("*") };

    private void MakeAgain()
    {
        var again = (JsonObject)fake.At(Application)!.DeepClone();
        var metadata = again["metadata"]!.AsObject();
        metadata.Remove("uid");
        metadata.Remove("annotations");
        metadata.Remove("managedFields");
        again.Remove("operation");
        again["spec"]!["source"]!["targetRevision"] = "main";
        again["spec"]!["syncPolicy"] = JsonNode.Parse("""{"automated":{"prune":true,"selfHeal":true}}""");
        fake.Put(Application, again);
    }

    private void Edit(string path, Action<JsonObject> edit, string manager = "kubectl-edit")
    {
        var before = fake.At(path)!;
        var after = (JsonObject)before.DeepClone();
        edit(after);
        if (!JsonNode.DeepEquals(before, after))
        {
            FieldOwners.Note(before, after, manager);
            fake.Put(path, after);
        }
    }
}
