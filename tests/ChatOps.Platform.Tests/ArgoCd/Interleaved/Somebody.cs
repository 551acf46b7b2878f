using System.Text.Json.Nodes;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Tests.Fakes;

namespace ChatOps.Platform.Tests.ArgoCd.Interleaved;

/// <summary>Everybody else who writes the application and its project: people with kubectl, Git, an owner, and Argo CD itself.</summary>
internal sealed class Somebody(FakeKubernetesApi fake)
{
    public const string Application = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/shop";
    public const string Set = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applicationsets/shops";
    public const string Project = "/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/shop";

    private const string ABranch = $$$"""
        {"path":"/spec/source/targetRevision","by":"chatops:on-call","branch":{"repository":"https://git.example.com/shop.git","name":"fix","commit":"{{{SomeBranch.Later}}}","sources":[{"repository":"https://git.example.com/shop.git","path":"/spec/source/targetRevision","value":"main"}]}}
        """;

    /// <summary>What they may do next, by number.</summary>
    public static IReadOnlyList<string> Acts { get; } =
    [
        "annotates", "takes the annotation off", "moves the path", "toggles prune", "switches on", "switches off", "takes enabled out", "takes the sync policy out", "writes the sync policy anew",
        "moves the revision", "puts the revision back", "hands over an operation", "takes the operation off", "another operation waits in its place", "writes another operation over it", "another operation runs in its place", "ends what runs", "a window keeps what runs",
        "Argo CD begins what is there, or syncs by itself", "Argo CD works", "the approval lapses", "asks for a refresh", "takes all annotations", "names another incident on it", "another incident pauses it", "another incident pauses it in its place", "another incident switches it to a branch", "deletes it and makes it again", "makes it again as it is", "moves it to another project",
        "adds a window in front", "adds a window behind", "adds a window that denies", "takes a window out", "turns the windows round", "changes a window", "adds a role", "takes the list out", "writes the list anew", "takes ours out",
        "adds a rule in front", "adds a rule behind", "takes the rules out", "takes our rule out", "adds an option", "takes the options out",
        "adds an entry in front", "adds an entry behind", "takes an entry out", "takes our entry out", "takes the entries out", "writes our entry too", "makes the set again",
        "the next answer is lost", "the next write meets a conflict", "the next write is done and said to have failed", "the next write comes to nothing",
    ];

    /// <summary>What concerns only what somebody else overrode.</summary>
    private static readonly string[] Further =
    [
        "has it skipped", "has it skipped in another word", "has it not skipped", "takes the skipping off",
    ];

    public static IReadOnlyList<string> All { get; } = [.. Acts, .. Further];

    public const string Kept = "operation is blocked by sync window";
    private const string Controller = "argocd-application-controller";
    private int made;

    private readonly List<string> succeeded = [];
    private string begun = "";

    /// <summary>What was handed over and does not go on is to be taken back.</summary>
    public bool HasLapsed { get; private set; }

    /// <summary>The list in the set, so that it does not tell any more who wrote what of it.</summary>
    public bool WroteEntries { get; private set; }

    /// <summary>For another incident of ours, or switched it: what is off may be off for that one, and the marks are its.</summary>
    public bool HasPaused { get; private set; }

    /// <summary>With what whoever held it had found: the rules are its as well.</summary>
    public bool HasTakenPlace { get; private set; }

    public bool TookPolicyOut { get; private set; }

    /// <summary>With all that we had written: on another object that is not ours to judge.</summary>
    public bool HasReplaced { get; private set; }

    public bool TookMarks { get; private set; }

    /// <summary>The same as ours.</summary>
    public bool WroteEntry { get; private set; }

    /// <summary>Operations that Argo CD carried out, each as its text.</summary>
    public IReadOnlyList<string> Succeeded => succeeded;

    /// <summary>Those that a story can be about, each by its number: others would only make it long.</summary>
    public static int[] In(Tale tale)
    {
        var numbers = Enumerable.Range(0, Acts.Count);
        var (project, set) = (Between("adds a window in front", "takes ours out"), Between("adds an entry in front", "makes the set again"));
        return [.. numbers.Except(tale is Tale.PauseByWindow or Tale.RollbackBehindWindow or Tale.BranchBehindWindow ? [] : project).Except(tale is Tale.PauseInSet ? [] : set)];
    }

    public static int Number(string act) => All.ToList().IndexOf(act);

    public void Do(int which)
    {
        switch (All[which])
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
                TookPolicyOut = true;
                Edit(Application, application => application["spec"]!.AsObject().Remove("syncPolicy"));
                break;
            case "writes the sync policy anew":
                Edit(Application, application => application["spec"]!["syncPolicy"] = new JsonObject { ["automated"] = new JsonObject { ["selfHeal"] = ++made % 2 == 0 } });
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
            case "writes another operation over it":
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
                Edit(Application, application => Running(application)?["message"] = Kept, Controller);
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
                TookMarks = true;
                Edit(Application, application => application["metadata"]!.AsObject().Remove("annotations"));
                break;
            case "names another incident on it":
                Edit(Application, application =>
                {
                    if (application["metadata"]!["annotations"]?[Annotations.Incident] is not null)
                    {
                        application["metadata"]!["annotations"]![Annotations.Incident] = "9";
                    }
                });
                break;
            case "another incident pauses it":
                Edit(Application, application =>
                {
                    if (Automated(application) is { } automated && automated["enabled"]?.ToJsonString() != "false" && application["metadata"]!["annotations"]?[Annotations.Operation] is null)
                    {
                        automated["enabled"] = false;
                        Mark(application);
                        HasPaused = true;
                    }
                }, ArgoCdReconciler.FieldManager);
                break;
            case "another incident pauses it in its place":
                Edit(Application, application =>
                {
                    if (Automated(application)?["enabled"]?.ToJsonString() == "false" || Automated(application) is null)
                    {
                        HasTakenPlace |= application["metadata"]!["annotations"]?[Annotations.Operation] is not null;
                        Mark(application);
                        HasPaused = true;
                    }
                }, ArgoCdReconciler.FieldManager);
                break;
            case "makes it again as it is":
                HasReplaced = true;
                Edit(Application, application =>
                {
                    application["metadata"]!.AsObject().Remove("uid");
                    application.Remove("operation");
                }, "kubectl-replace");
                break;
            case "deletes it and makes it again":
                MakeAgain();
                break;
            case "moves it to another project":
                Edit(Application, application => application["spec"]!["project"] = "other");
                break;
            case "has it skipped":
                Skip("true");
                break;
            case "has it skipped in another word":
                Skip("1");
                break;
            case "has it not skipped":
                Skip("false");
                break;
            case "takes the skipping off":
                Edit(Application, application => (application["metadata"]!["annotations"] as JsonObject)?.Remove(Annotations.SkipReconcile));
                break;
            case "another incident switches it to a branch":
                Edit(Application, application =>
                {
                    if (application["metadata"]!["annotations"]?[Annotations.Operation] is null)
                    {
                        Mark(application);
                        application["metadata"]!["annotations"]![Annotations.Before] = ABranch;
                        application["spec"]!["source"]!["targetRevision"] = SomeBranch.Later;
                        HasPaused = true;
                    }
                }, ArgoCdReconciler.FieldManager);
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
            case "adds a rule in front":
                Edit(Application, application => Rules(application).Insert(0, Rule()));
                break;
            case "adds a rule behind":
                Edit(Application, application => Rules(application).Add(Rule()));
                break;
            case "takes the rules out":
                Edit(Application, application => application["spec"]!.AsObject().Remove("ignoreDifferences"));
                break;
            case "takes our rule out":
                Edit(Application, application => Rules(application).Remove(Rules(application).FirstOrDefault(Judge.IsOurRule)));
                break;
            case "adds an option":
                Edit(Application, application => (application["spec"]!["syncPolicy"] is JsonObject policy ? (JsonArray)(policy["syncOptions"] ??= new JsonArray()) : []).Add(++made % 3 == 0 ? HeldFields.Respect : $"o{made}=true"));
                break;
            case "takes the options out":
                Edit(Application, application => (application["spec"]!["syncPolicy"] as JsonObject)?.Remove("syncOptions"));
                break;
            case "adds an entry in front":
                Edit(Set, set => Entries(set).Insert(0, Entry()));
                break;
            case "adds an entry behind":
                Edit(Set, set => Entries(set).Add(Entry()));
                break;
            case "takes an entry out":
                Edit(Set, set => Entries(set).Remove(Entries(set).LastOrDefault(entry => !Judge.IsOurEntry(entry))));
                break;
            case "takes our entry out":
                Edit(Set, set => Entries(set).Remove(Entries(set).FirstOrDefault(Judge.IsOurEntry)));
                break;
            case "takes the entries out":
                Edit(Set, set => set["spec"]!.AsObject().Remove("ignoreApplicationDifferences"));
                break;
            case "writes our entry too":
                WroteEntry = true;
                Edit(Set, set => Entries(set).Add(Judge.OurEntry));
                break;
            case "makes the set again":
                if (fake.At(Set) is not null)
                {
                    fake.Put(Set, NewSet());
                }

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
                throw new InvalidOperationException(All[which]);
        }
    }

    /// <summary>Argo CD answers a refresh, and ends what it was handed.</summary>
    public void Work() => Edit(Application, application =>
    {
        (application["metadata"]!["annotations"] as JsonObject)?.Remove(Annotations.Refresh);
        var running = Running(application);
        if ((running?["operation"] ?? Merged(application, application["operation"])) is { } operation)
        {
            if ((string?)running?["phase"] != "Terminating")
            {
                succeeded.Add(running is null ? application["operation"]!.ToJsonString() : begun);
            }

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

    /// <summary>Half of them note nothing.</summary>
    private JsonNode Operation(bool automated = false) => JsonNode.Parse($$$"""{"initiatedBy":{{{(automated ? """{"automated":true}""" : """{"username":"kim"}""")}}},{{{(++made % 2 == 0 ? "" : $$"""
        "info":[{"name":"nr","value":"{{made}}"}],
        """)}}}"sync":{}}""")!;

    /// <summary>What Argo CD begins it merges into the record of the one before.</summary>
    private static JsonObject? Merged(JsonObject application, JsonNode? operation)
    {
        var record = (application["status"]!["operationState"]?["operation"] as JsonObject)?.DeepClone().AsObject() ?? [];
        foreach (var (name, part) in operation?.AsObject() ?? [])
        {
            record[name] = record[name] is JsonObject before && part is JsonObject next ? new JsonObject(before.Concat(next).GroupBy(one => one.Key).Select(one => new KeyValuePair<string, JsonNode?>(one.Key, one.Last().Value?.DeepClone()))) : part?.DeepClone();
        }

        return operation is null ? null : record;
    }

    private void Begin(JsonObject application, JsonNode operation)
    {
        begun = operation.ToJsonString();
        application["operation"] = operation;
        application["status"]!["operationState"] = new JsonObject { ["phase"] = "Running", ["startedAt"] = Moment(), ["operation"] = Merged(application, operation) };
    }

    private static JsonObject? Running(JsonObject application) =>
        application["status"]!["operationState"] is JsonObject state && (string?)state["phase"] is "Running" or "Terminating" ? state : null;

    private static JsonObject? Automated(JsonObject application) => application["spec"]!["syncPolicy"]?["automated"] as JsonObject;

    private static JsonArray Windows(JsonObject project) => (JsonArray)(project["spec"]!["syncWindows"] ??= new JsonArray());

    private JsonObject Window() => new() { ["kind"] = "allow", ["schedule"] = "* * * * *", ["duration"] = $"{++made}h", ["applications"] = new JsonArray("*") };

    private static JsonArray Rules(JsonObject application) => (JsonArray)(application["spec"]!["ignoreDifferences"] ??= new JsonArray());

    private static JsonArray Entries(JsonObject set) => (JsonArray)(set["spec"]!["ignoreApplicationDifferences"] ??= new JsonArray());

    private JsonObject Rule() => new() { ["kind"] = "Secret", ["jsonPointers"] = new JsonArray($"/data/{++made}") };

    private JsonObject Entry() => new() { ["name"] = $"a{++made}", ["jsonPointers"] = new JsonArray(SetEntry.Field) };

    /// <summary>That leaves nothing alone.</summary>
    public static JsonObject NewSet() => (JsonObject)JsonNode.Parse("""{"spec":{"generators":[],"template":{"metadata":{"name":"shop"},"spec":{}}}}""")!;

    private static IEnumerable<int> Between(string first, string last) => Enumerable.Range(Number(first), Number(last) - Number(first) + 1);

    private static void Mark(JsonObject application)
    {
        var annotations = (JsonObject)(application["metadata"]!["annotations"] ??= new JsonObject());
        (annotations[Annotations.Operation], annotations[Annotations.Incident], annotations[Annotations.ExpiresAt]) = (Guid.NewGuid().ToString(), "9", OverrideMarks.Moment(Some.Now.AddHours(3)));
    }

    private void Skip(string word) => Edit(Application, application => ((JsonObject)(application["metadata"]!["annotations"] ??= new JsonObject()))[Annotations.SkipReconcile] = word);

    private void MakeAgain()
    {
        var again = (JsonObject)fake.At(Application)!.DeepClone();
        var metadata = again["metadata"]!.AsObject();
        metadata.Remove("uid");
        metadata.Remove("annotations");
        metadata.Remove("managedFields");
        again.Remove("operation");
        again["spec"]!["source"]!["targetRevision"] = "main";
        again["spec"]!.AsObject().Remove("ignoreDifferences");
        again["spec"]!["syncPolicy"] = JsonNode.Parse("""{"automated":{"prune":true,"selfHeal":true}}""");
        fake.Put(Application, again);
    }

    private void Edit(string path, Action<JsonObject> edit, string manager = "kubectl-edit")
    {
        if (fake.At(path) is not { } before)
        {
            return; // there is no set in this story
        }

        var after = (JsonObject)before.DeepClone();
        edit(after);
        if (!JsonNode.DeepEquals(before, after))
        {
            FieldOwners.Note(before, after, manager);
            fake.Put(path, after);
            WroteEntries |= path == Set;
        }
    }
}
