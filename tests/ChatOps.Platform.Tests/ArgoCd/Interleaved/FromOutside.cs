using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Outside;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Tests.Fakes;

namespace ChatOps.Platform.Tests.ArgoCd.Interleaved;

/// <summary>An override that somebody made past us, taken by somebody as theirs, and put back.</summary>
internal sealed class FromOutside(Lease lease)
{
    private bool isPutBack;
    private bool wasPutBack;
    private bool wasMoved;

    /// <summary>What of <see cref="Somebody.All"/> may happen to it.</summary>
    public static IReadOnlyList<int> Acts { get; } =
    [
        .. new[]
        {
            "annotates", "takes the annotation off", "takes all annotations", "moves the path", "toggles prune", "asks for a refresh", "hands over an operation", "moves it to another project",
            "switches on", "switches off", "takes enabled out", "takes the sync policy out", "writes the sync policy anew", "moves the revision", "puts the revision back",
            "has it skipped", "has it skipped in another word", "has it not skipped", "takes the skipping off",
            "another incident pauses it", "another incident pauses it in its place", "another incident switches it to a branch", "deletes it and makes it again", "makes it again as it is",
            "the next answer is lost", "the next write meets a conflict", "the next write is done and said to have failed", "the next write comes to nothing",
        }.Select(Somebody.Number),
    ];

    /// <summary>None is an annotation of the engine.</summary>
    private bool MayBeAnothers => lease.Outside!.Kind != OutsideKind.SkipReconcile;

    /// <param name="act">What made it, of <see cref="Somebody.All"/>.</param>
    public static async Task PlayAsync(FakeKubernetesApi fake, ArgoCdReconciler reconciler, string act, int[] script)
    {
        var stage = new Stage(fake);
        Opening.Put(fake, Tale.PauseByField);
        var known = OutsideLook.At(null, await FactsAsync(reconciler), []).Baseline;
        stage.Somebody.Do(Somebody.Number(act));
        var facts = await FactsAsync(reconciler);
        var found = Assert.Single(OutsideLook.At(known, facts, []).Found);
        var lease = Lease.Taken(found, facts, 7, "alice", Some.OnCall, Overwriting.BySecondPress, Some.Now.AddHours(1), Some.Now) with { State = LeaseState.Ending };
        var outside = new FromOutside(lease);
        stage.Open(script, outside.Look);
        var plays = fake.BeforeRequest!;
        fake.BeforeRequest = path =>
        {
            plays(path);
            outside.See(stage.Application);
        };
        var answer = await stage.UntilAnsweredAsync(() => reconciler.PutBackAsync(lease.End("bob"), default));
        stage.ThrowWhatWasJudged();
        Assert.True(answer.Kind is ClusterAnswerKind.Ok or ClusterAnswerKind.Moved or ClusterAnswerKind.Gone, answer.Sentence);
        Assert.True(!answer.IsOk || outside.isPutBack || outside.wasPutBack, "it is said to be put back, and nobody did");
        Assert.True(answer.IsOk || outside.wasMoved, $"it was to be put back, nobody had touched it, and: {answer.Sentence}");
    }

    /// <summary>What others had done when a request of ours arrived.</summary>
    private void See(JsonObject application)
    {
        var isTheSame = (string?)application["metadata"]!["uid"] == lease.Uid;
        var isBack = isTheSame && (lease.Outside!.Kind != OutsideKind.AutoSyncOff || IsOn(application)) && lease.Outside.Fields.All(field => Taken((JsonObject)application.DeepClone(), field.Before.Path) == field.Before.Json);
        var isAsLeft = isTheSame && !(MayBeAnothers && IsMarked(application)) && lease.Outside!.Fields.All(field => Taken((JsonObject)application.DeepClone(), field.Before.Path) == field.Seen);
        wasPutBack |= isBack && !isPutBack;
        wasMoved |= isPutBack ? !isBack : !isAsLeft;
    }

    private static bool IsOn(JsonObject application) => application["spec"]!["syncPolicy"]?["automated"] is JsonObject automated && automated["enabled"]?.ToJsonString() != "false";

    private static bool IsMarked(JsonObject application) => application["metadata"]!["annotations"]?[Annotations.Operation] is not null;

    /// <summary>It turns from what they left to what was there before, where nobody holds it, and nothing else changes.</summary>
    private void Look(string path, JsonObject before, JsonObject after)
    {
        Assert.Equal((Somebody.Application, lease.Uid), (path, (string?)before["metadata"]!["uid"]));
        Assert.False(MayBeAnothers && IsMarked(before), $"put back what another incident holds: {before.ToJsonString()}");
        var (left, stays) = (Judge.Compared(before), Judge.Compared(after));
        foreach (var field in lease.Outside!.Fields)
        {
            Assert.Equal((field.Seen, field.Before.Json), (Taken(left, field.Before.Path), Taken(stays, field.Before.Path)));
        }

        Judge.AssertSame(left, stays, "the application");
        isPutBack = true;
    }

    /// <summary>Out of it; a sync policy or annotations that become empty go with it.</summary>
    private static string? Taken(JsonObject application, string path)
    {
        var steps = path.Split('/')[1..].Select(step => step.Replace("~1", "/", StringComparison.Ordinal)).ToArray();
        var parent = steps[..^1].Aggregate((JsonNode?)application, (node, key) => (node as JsonObject)?[key]) as JsonObject;
        var found = parent?[steps[^1]]?.ToJsonString();
        parent?.Remove(steps[^1]);
        if (application["spec"]!["syncPolicy"] is JsonObject { Count: 0 })
        {
            application["spec"]!.AsObject().Remove("syncPolicy");
        }

        if (application["metadata"]!["annotations"] is JsonObject { Count: 0 })
        {
            application["metadata"]!.AsObject().Remove("annotations");
        }

        return found;
    }

    private static async Task<ApplicationFacts> FactsAsync(ArgoCdReconciler reconciler) => (await reconciler.InspectAsync(new("argocd", "argocd", "shop"), default)).Facts!;
}
