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

    /// <param name="act">What made it, of <see cref="Somebody.Acts"/>.</param>
    public static async Task PlayAsync(FakeKubernetesApi fake, ArgoCdReconciler reconciler, string act, int[] script)
    {
        var stage = new Stage(fake);
        Opening.Put(fake, Tale.PauseByField);
        var known = OutsideLook.At(null, await FactsAsync(reconciler), []).Baseline;
        var made = Somebody.Acts.ToList().IndexOf(act);
        stage.Somebody.Do(made);
        var facts = await FactsAsync(reconciler);
        var found = Assert.Single(OutsideLook.At(known, facts, []).Found);
        var lease = Lease.Taken(found, facts, 7, "alice", Some.OnCall, Overwriting.BySecondPress, Some.Now.AddHours(1), Some.Now) with { State = LeaseState.Ending };
        var outside = new FromOutside(lease);
        stage.Open(script, outside.Look);
        var answer = await stage.UntilAnsweredAsync(() => reconciler.PutBackAsync(lease.End("bob"), default));
        stage.ThrowWhatWasJudged();
        Assert.True(answer.Kind is ClusterAnswerKind.Ok or ClusterAnswerKind.Moved or ClusterAnswerKind.Gone, answer.Sentence);
        Assert.True(outside.isPutBack || !answer.IsOk || script.Any(next => next < Somebody.Acts.Count), "it is said to be put back, and nobody did");
        Assert.False(answer.Kind == ClusterAnswerKind.Moved && outside.isPutBack && !script.Any(next => next < Somebody.Acts.Count), answer.Sentence);
    }

    /// <summary>It turns from what they left to what was there before, where nobody holds it, and nothing else changes.</summary>
    private void Look(string path, JsonObject before, JsonObject after)
    {
        Assert.Equal((Somebody.Application, lease.Uid), (path, (string?)before["metadata"]!["uid"]));
        Assert.Null(before["metadata"]!["annotations"]?[Annotations.Operation]);
        var (left, stays) = (Judge.Compared(before), Judge.Compared(after));
        foreach (var field in lease.Outside!.Fields)
        {
            Assert.Equal((field.Seen, field.Before.Json), (Taken(left, field.Before.Path), Taken(stays, field.Before.Path)));
        }

        Judge.AssertSame(left, stays, "the application");
        isPutBack = true;
    }

    /// <summary>Out of it; a sync policy that becomes empty goes with it.</summary>
    private static string? Taken(JsonObject application, string path)
    {
        var steps = path.Split('/')[1..];
        var parent = steps[..^1].Aggregate((JsonNode?)application, (node, key) => (node as JsonObject)?[key]) as JsonObject;
        var found = parent?[steps[^1]]?.ToJsonString();
        parent?.Remove(steps[^1]);
        if (application["spec"]!["syncPolicy"] is JsonObject { Count: 0 })
        {
            application["spec"]!.AsObject().Remove("syncPolicy");
        }

        return found;
    }

    private static async Task<ApplicationFacts> FactsAsync(ArgoCdReconciler reconciler) => (await reconciler.InspectAsync(new("argocd", "argocd", "shop"), default)).Facts!;
}
