using System.Text.Json.Nodes;
using ChatOps.Core.Operations;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests.ArgoCd.Interleaved;

/// <summary>At each write of ours, from what was there before and after it: it may touch what its operation is about, and nothing else.</summary>
internal sealed class Judge(Operation operation)
{
    private static readonly string[] NotCompared = ["resourceVersion", "managedFields"];

    public static bool IsOurs(JsonNode? window) => ((string?)window?["description"])?.Contains("chatops.dev/operation=", StringComparison.Ordinal) == true;

    public void Look(string path, JsonObject before, JsonObject after)
    {
        if (path == Somebody.Project)
        {
            AssertSame(WithoutOurWindows(before), WithoutOurWindows(after), "the project");
            return;
        }

        AssertSame(WithoutOurs(before), WithoutOurs(after), "the application");
        if (!JsonNode.DeepEquals(before["status"], after["status"]))
        {
            Assert.True(before["operation"] is null && after["operation"] is not null && after["status"]!["operationState"] is null, "the record of another operation was changed");
        }

        if (before["operation"] is { } theirs)
        {
            Assert.True(JsonNode.DeepEquals(theirs, after["operation"]), $"an operation was replaced: {theirs.ToJsonString()}");
        }
        else if (after["operation"] is { } ours)
        {
            Assert.Contains(operation.Id.ToString(), ours.ToJsonString(), StringComparison.Ordinal);
            Assert.NotEqual("Running", (string?)before["status"]!["operationState"]?["phase"]);
        }

        if (before["metadata"]!["annotations"]?[Annotations.Refresh] is { } asked)
        {
            Assert.Equal((string?)asked, (string?)after["metadata"]!["annotations"]?[Annotations.Refresh]);
        }

        if (!JsonNode.DeepEquals(Enabled(before), Enabled(after)))
        {
            AssertMayWrite(before, Enabled(after)?.ToJsonString() == "false", Automated(before)?.ToJsonString() == """{"prune":true,"selfHeal":true}""", Enabled(before)?.ToJsonString() == "false");
        }

        if (Revision(before) != Revision(after))
        {
            AssertMayWrite(before, Revision(after) == SomeBranch.Commit, Revision(before) == "main", Revision(before) == SomeBranch.Commit);
        }
    }

    /// <summary>There only where it was as approved; back only what is as we left it.</summary>
    private void AssertMayWrite(JsonObject before, bool goes, bool isAsApproved, bool isAsWeLeftIt)
    {
        var isMarked = (string?)before["metadata"]!["annotations"]?[Annotations.Operation] == operation.Id.ToString();
        Assert.True(
            goes ? isAsApproved : isAsWeLeftIt && (isMarked || Writers(before).Contains("chatops")),
            $"{(goes ? "overrode" : "took back")} what somebody else had changed: {before.ToJsonString()}");
    }

    private static IEnumerable<string> Writers(JsonObject application) =>
        (application["metadata"]!["managedFields"] as JsonArray ?? []).Select(entry => (string)entry!["manager"]!);

    private static JsonObject? Automated(JsonObject application) => application["spec"]!["syncPolicy"]?["automated"] as JsonObject;

    private static JsonNode? Enabled(JsonObject application) => Automated(application)?["enabled"];

    private static string? Revision(JsonObject application) => (string?)application["spec"]!["source"]!["targetRevision"];

    private static JsonObject WithoutOurWindows(JsonObject project)
    {
        var left = Compared(project);
        var spec = left["spec"]!.AsObject();
        var others = (spec["syncWindows"] as JsonArray ?? []).Where(window => !IsOurs(window)).Select(window => window!.DeepClone()).ToList();
        spec.Remove("syncWindows");
        if (others.Count > 0)
        {
            spec["syncWindows"] = new JsonArray([.. others]);
        }

        return left;
    }

    private static JsonObject WithoutOurs(JsonObject application)
    {
        var left = Compared(application);
        left.Remove("operation");
        left["status"]!.AsObject().Remove("operationState"); // an operation of ours inherits nothing of the one before
        Automated(left)?.Remove("enabled");
        left["spec"]!["source"]!.AsObject().Remove("targetRevision");
        var metadata = left["metadata"]!.AsObject();
        if (metadata["annotations"] is JsonObject annotations)
        {
            foreach (var name in Annotations.Ours.Append(Annotations.Refresh))
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

    private static JsonObject Compared(JsonObject resource)
    {
        var left = (JsonObject)resource.DeepClone();
        foreach (var name in NotCompared)
        {
            left["metadata"]!.AsObject().Remove(name);
        }

        return left;
    }

    private static void AssertSame(JsonObject before, JsonObject after, string what) =>
        Assert.True(JsonNode.DeepEquals(before, after), $"a write of ours changed {what} beside what it is about:\n{before.ToJsonString()}\n{after.ToJsonString()}");
}
