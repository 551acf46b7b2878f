using System.Text.Json.Nodes;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Acting;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Operations.Refreshing;
using ChatOps.Core.Operations.Syncing;
using ChatOps.Core.Operations.Terminating;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests.ArgoCd.Interleaved;

/// <summary>At each write of ours, from what was there before and after it: it may touch what its operation is about, and nothing else.</summary>
/// <param name="asApproved">The application when people approved it.</param>
internal sealed class Judge(Operation operation, JsonObject asApproved)
{
    private const string AsFound = """{"prune":true,"selfHeal":true}""";
    private static readonly string[] NotCompared = ["resourceVersion", "managedFields"];

    public static bool IsOurs(JsonNode? window) => ((string?)window?["description"])?.Contains("chatops.dev/operation=", StringComparison.Ordinal) == true;

    /// <summary>Those of this operation; what another one of ours holds is as foreign as any other.</summary>
    public IEnumerable<JsonNode?> OurWindows(JsonObject project) => (project["spec"]!["syncWindows"] as JsonArray ?? []).Where(IsOfThis);

    public static JsonObject OurEntry => new() { ["name"] = "shop", ["jsonPointers"] = new JsonArray(SetEntry.Field) };

    public static bool IsOurRule(JsonNode? rule) => (string?)rule?["kind"] == "ConfigMap";

    public static bool IsOurEntry(JsonNode? entry) => JsonNode.DeepEquals(entry, OurEntry);

    /// <summary>The switch that this one moves on.</summary>
    public Operation? Earlier { get; init; }

    /// <summary>Nothing is deployed before what is to hold it off was stored.</summary>
    private bool isHeld;

    /// <summary>We wrote one into the set.</summary>
    public bool WroteEntry { get; private set; }

    /// <summary>We took auto-sync out.</summary>
    public bool TookOut { get; private set; }

    private string To => operation.Plan.Work is BranchWork work ? work.To.Commit : SomeBranch.Commit;

    private bool TakesOut => operation.Plan.Work is AboutPause { Mechanism: PauseMechanism.TakeOut };

    private bool ByWindow => operation.Plan.Work is AboutPause { Mechanism: PauseMechanism.Window } or BranchWork { BehindWindow: not null };

    public void Look(string path, JsonObject before, JsonObject after)
    {
        if (path == Somebody.Project)
        {
            Assert.True(ByWindow, "the project is none of its business");
            AssertSame(WithoutOurWindows(before), WithoutOurWindows(after), "the project");
            isHeld |= after.ToJsonString().Contains(operation.Id.ToString(), StringComparison.Ordinal);
            return;
        }

        if (path == Somebody.Set)
        {
            Assert.True(operation.Plan.Work is PauseWork { InSet: { } entry } && (string?)before["metadata"]!["uid"] == entry.SetUid, "the set is none of its business");
            AssertSame(WithoutOurs(before, "ignoreApplicationDifferences", IsOurEntry), WithoutOurs(after, "ignoreApplicationDifferences", IsOurEntry), "the set");
            Assert.Equal(1, Math.Abs(Ours(after) - Ours(before)));
            WroteEntry |= Ours(after) > Ours(before);
            Assert.True(WroteEntry, "an entry was taken out that is somebody else's");
            return;
        }

        Assert.Equal(operation.Plan.Application.Uid, (string?)before["metadata"]!["uid"]);
        AssertSame(WithoutOurs(before), WithoutOurs(after), "the application");
        LookAtOperation(before, after);
        LookAtMarks(before, after);
        Assert.InRange(Math.Abs(Respects(after) - Respects(before)), 0, 1);
        if (before["metadata"]!["annotations"]?[Annotations.Refresh] is { } asked)
        {
            Assert.Equal((string?)asked, (string?)after["metadata"]!["annotations"]?[Annotations.Refresh]);
        }

        if (!JsonNode.DeepEquals(Enabled(before), Enabled(after)))
        {
            AssertMayWrite(before, Enabled(after)?.ToJsonString() == "false", IsAsFound(Automated(before)), Enabled(before)?.ToJsonString() == "false");
        }

        if (TakesOut && !JsonNode.DeepEquals(Automated(before), Automated(after)))
        {
            TookOut |= Automated(after) is null;
            Assert.True(Automated(after) is null || (string?)before["metadata"]!["annotations"]?[Annotations.Operation] is not { } mark || IsOfThis(mark), $"put auto-sync back under another incident: {before.ToJsonString()}");
            Assert.True(Automated(after) is null ? IsAsFound(Automated(before)) : IsAsFound(Automated(after)) && Automated(before) is null, $"took out or put back another auto-sync: {before.ToJsonString()}");
        }

        if (Revision(before) != Revision(after))
        {
            Assert.Contains(Revision(after), new[] { To, "main" });
            AssertMayWrite(before, Revision(after) == To, Revision(before) == (Earlier is null ? "main" : SomeBranch.Commit), Revision(before) == To || (Earlier is not null && Revision(before) == SomeBranch.Commit));
        }
    }

    /// <summary>Those of another override that stands are the way back of that one.</summary>
    private void LookAtMarks(JsonObject before, JsonObject after)
    {
        if (before["metadata"]!["annotations"]?[Annotations.Operation] is { } mark && !IsOfThis((string)mark!) && IsMarkedOverrideThere(before))
        {
            Assert.All(Annotations.Ours, name => Assert.Equal((string?)before["metadata"]!["annotations"]![name], (string?)after["metadata"]!["annotations"]?[name]));
        }
    }

    private static bool IsMarkedOverrideThere(JsonObject application) =>
        (string?)application["metadata"]!["annotations"]![Annotations.Before] is { } text && (string?)JsonNode.Parse(text)?["branch"]?["commit"] is { } commit
            ? Revision(application) == commit
            : Automated(application) is null || Enabled(application)?.ToJsonString() == "false";

    /// <summary>One is handed over only where none is; one that is ended is ours. What is written of it else is Argo CD's.</summary>
    private void LookAtOperation(JsonObject before, JsonObject after)
    {
        var (theirs, left) = (before["operation"], after["operation"]);
        var (seen, stays) = (before["status"]!["operationState"], after["status"]!["operationState"]);
        if (theirs is null && left is not null)
        {
            AssertIsWhatWasApproved(before, left);
            Assert.True((string?)seen?["phase"] is not ("Running" or "Terminating"), $"an operation was handed over while one is under way: {before.ToJsonString()}");
            Assert.Null(stays); // it inherits nothing of the one before
            return;
        }

        Assert.True(JsonNode.DeepEquals(theirs, left) || (left is null && MayEnd(theirs!, seen)), $"an operation was replaced: {theirs?.ToJsonString()}");
        if (!JsonNode.DeepEquals(seen, stays))
        {
            Assert.True(MayEnd(seen?["operation"], seen), $"the record of another operation was changed: {seen?.ToJsonString()}");
            AssertIsEndedOnly(seen!, stays);
        }
    }

    /// <summary>Off the object, or asked to end where it runs, and nothing else of it is written.</summary>
    private static void AssertIsEndedOnly(JsonNode seen, JsonNode? stays)
    {
        if (stays is not null)
        {
            var asked = seen.DeepClone();
            Assert.Equal("Running", (string?)asked["phase"]);
            asked["phase"] = "Terminating";
            Assert.True(JsonNode.DeepEquals(asked, stays), $"more than its phase was changed: {stays.ToJsonString()}");
        }
    }

    private void AssertIsWhatWasApproved(JsonObject before, JsonNode handed)
    {
        Assert.True(operation.Plan.Work.Deploys, "nothing was to be deployed");
        Assert.Contains(operation.Id.ToString(), handed.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(To, (string?)handed["sync"]!["revision"]);
        if (ByWindow)
        {
            Assert.True(isHeld, "it was handed over before a window was there to hold it");
            Assert.Equal(operation.Plan.Application.Project, (string?)before["spec"]!["project"]);
        }

        if (operation.Plan.Work is BranchWork or SyncWork)
        {
            Assert.True(JsonNode.DeepEquals(asApproved["spec"]!["source"], before["spec"]!["source"]), $"the commit was approved from another source: {before.ToJsonString()}");
        }
    }

    /// <summary>One of ours whose approval lapsed; or the one that was to be ended, told by its start as soon as it has one.</summary>
    private bool MayEnd(JsonNode? one, JsonNode? state) => operation.Plan.Work is TerminateWork
        ? JsonNode.DeepEquals(one, asApproved["operation"]) && IsTheOne(state)
        : one?.ToJsonString().Contains(operation.Id.ToString(), StringComparison.Ordinal) == true && (string?)one["initiatedBy"]?["username"] == $"{operation.RequestedByKubernetesName} (chatops)";

    /// <summary>There only where it was as approved; back only what is as we left it.</summary>
    private void AssertMayWrite(JsonObject before, bool goes, bool isAsApproved, bool isAsWeLeftIt)
    {
        var isOurs = (string?)before["metadata"]!["annotations"]?[Annotations.Operation] is { } mark ? IsOfThis(mark) : Writers(before).Contains("chatops");
        Assert.True(
            goes ? isAsApproved : isAsWeLeftIt && isOurs,
            $"{(goes ? "overrode" : "took back")} what somebody else had changed: {before.ToJsonString()}");
    }

    private bool IsTheOne(JsonNode? state) => asApproved["status"]!["operationState"]?["startedAt"] is { } started
        ? JsonNode.DeepEquals(started, state?["startedAt"])
        : (string?)state?["phase"] is not ("Running" or "Terminating");

    /// <summary>What is said to be ended is not at work any more.</summary>
    public void LookAtOutcome(ClusterAnswer? final, JsonObject application)
    {
        if (operation.Plan.Work is TerminateWork && final is { IsOk: true } && (string?)application["metadata"]!["uid"] == operation.Plan.Application.Uid)
        {
            var state = application["status"]!["operationState"];
            var isAtWork = JsonNode.DeepEquals(application["operation"], asApproved["operation"]) || ((string?)state?["phase"] is "Running" or "Terminating" && IsTheOne(state));
            Assert.False(isAtWork, $"it is said to be ended ({final.Sentence}): {application.ToJsonString()}");
        }
    }

    private static IEnumerable<string> Writers(JsonObject application) =>
        (application["metadata"]!["managedFields"] as JsonArray ?? []).Select(entry => (string)entry!["manager"]!);

    /// <summary>Whoever wrote the field last was we.</summary>
    public static bool SwitchedByUs(JsonObject application) =>
        application["metadata"]!["managedFields"] is JsonArray writers && writers.Any(entry => (string?)entry!["manager"] == "chatops" && entry["fieldsV1"]!.ToJsonString().Contains("f:enabled", StringComparison.Ordinal));

    private static JsonObject? Automated(JsonObject application) => application["spec"]!["syncPolicy"]?["automated"] as JsonObject;

    /// <summary>In whatever order somebody wrote it: a server has none.</summary>
    private static bool IsAsFound(JsonObject? automated) => JsonNode.DeepEquals(automated, JsonNode.Parse(AsFound));

    private static JsonNode? Enabled(JsonObject application) => Automated(application)?["enabled"];

    private static string? Revision(JsonObject application) => (string?)application["spec"]!["source"]!["targetRevision"];

    private bool IsOfThis(JsonNode? window) => IsOurs(window) && IsOfThis((string)window!["description"]!);

    private bool IsOfThis(string text) => text.Contains(operation.Id.ToString(), StringComparison.Ordinal) || (Earlier is not null && text.Contains(Earlier.Id.ToString(), StringComparison.Ordinal));

    private JsonObject WithoutOurWindows(JsonObject project)
    {
        var left = Compared(project);
        var spec = left["spec"]!.AsObject();
        var others = (spec["syncWindows"] as JsonArray ?? []).Where(window => !IsOfThis(window)).Select(window => window!.DeepClone()).ToList();
        spec.Remove("syncWindows");
        if (others.Count > 0)
        {
            spec["syncWindows"] = new JsonArray([.. others]);
        }

        return left;
    }

    private JsonObject WithoutOurs(JsonObject application)
    {
        var left = Compared(application);
        left.Remove("operation");
        left["status"]!.AsObject().Remove("operationState");
        var marks = new List<string>(ByWindow || operation.Plan.Work is ActionWork ? [] : Annotations.Ours);
        switch (operation.Plan.Work)
        {
            case AboutPause { Mechanism: PauseMechanism.SwitchOff }:
                Automated(left)?.Remove("enabled");
                marks.Add(Annotations.Refresh);
                break;
            case AboutPause { Mechanism: PauseMechanism.TakeOut }:
                TakeParent(left);
                marks.Add(Annotations.Refresh);
                break;
            case PauseWork { Only: { } only }:
                Take(left, ["spec", "ignoreDifferences"], IsOurRule);
                if (only.AddsOption)
                {
                    Take(left, ["spec", "syncPolicy", "syncOptions"], option => (string?)option == HeldFields.Respect);
                }

                marks.Add(Annotations.Refresh);
                break;
            case BranchWork { BehindWindow: null }:
                left["spec"]!["source"]!.AsObject().Remove("targetRevision");
                break;
            case RefreshWork or not ActionWork:
                marks.Add(Annotations.Refresh);
                break;
        }

        var metadata = left["metadata"]!.AsObject();
        if (metadata["annotations"] is JsonObject annotations)
        {
            foreach (var name in marks)
            {
                annotations.Remove(name);
            }

            if (annotations.Count == 0)
            {
                metadata.Remove("annotations");
            }
        }

        return left;
    }

    /// <summary>The controller drops a sync policy that has become empty, and it is made again.</summary>
    private static void TakeParent(JsonObject application)
    {
        if (application["spec"]!["syncPolicy"] is JsonObject policy)
        {
            policy.Remove("automated");
            if (policy.Count == 0)
            {
                application["spec"]!.AsObject().Remove("syncPolicy");
            }
        }
    }

    private static int Ours(JsonObject set) => (set["spec"]!["ignoreApplicationDifferences"] as JsonArray ?? []).Count(IsOurEntry);

    private static int Respects(JsonObject application) =>
        (application["spec"]!["syncPolicy"]?["syncOptions"] as JsonArray ?? []).Count(option => (string?)option == HeldFields.Respect);

    private static JsonObject WithoutOurs(JsonObject resource, string list, Func<JsonNode?, bool> isOurs)
    {
        var left = Compared(resource);
        Take(left, ["spec", list], isOurs);
        return left;
    }

    /// <summary>Whatever is like ours, since somebody may have written the same; an empty list and none are alike here.</summary>
    private static void Take(JsonObject resource, string[] path, Func<JsonNode?, bool> isOurs)
    {
        if (path[..^1].Aggregate((JsonNode?)resource, (node, key) => (node as JsonObject)?[key]) is not JsonObject parent || parent[path[^1]] is not JsonArray list)
        {
            return;
        }

        foreach (var one in list.Where(isOurs).ToList())
        {
            list.Remove(one);
        }

        if (list.Count == 0)
        {
            parent.Remove(path[^1]);
        }
    }

    public static JsonObject Compared(JsonObject resource)
    {
        var left = (JsonObject)resource.DeepClone();
        foreach (var name in NotCompared)
        {
            left["metadata"]!.AsObject().Remove(name);
        }

        return left;
    }

    public static void AssertSame(JsonObject before, JsonObject after, string what) =>
        Assert.True(JsonNode.DeepEquals(before, after), $"a write of ours changed {what} beside what it is about:\n{before.ToJsonString()}\n{after.ToJsonString()}");
}
