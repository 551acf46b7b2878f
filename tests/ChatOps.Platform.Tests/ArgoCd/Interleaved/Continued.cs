using System.Globalization;
using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Tests.Fakes;

namespace ChatOps.Platform.Tests.ArgoCd.Interleaved;

/// <summary>What goes on after the override of a tale was stored in peace, and its end.</summary>
internal sealed class Continued
{
    private readonly Stage stage;
    private readonly ArgoCdReconciler reconciler;
    private readonly Story story;
    private readonly Operation first;
    private readonly Judge judge;
    private readonly Lease lease;

    private Continued(Stage stage, ArgoCdReconciler reconciler, Operation first, Judge judge, Lease lease)
    {
        this.stage = stage;
        this.reconciler = reconciler;
        story = new(stage, reconciler);
        this.first = first;
        this.judge = judge;
        this.lease = lease;
    }

    public static async Task PlayAsync(FakeKubernetesApi fake, ArgoCdReconciler reconciler, Tale tale, Sequel sequel, int[] script)
    {
        var shared = new Stage(fake);
        Opening.Put(fake, tale);
        var (_, facts) = await reconciler.InspectAsync(new("argocd", "argocd", "shop"), default);
        var planned = Opening.Planned(tale, facts!);
        var looks = new Judge(planned, (JsonObject)shared.Application.DeepClone());
        var (final, live) = await new Story(shared, reconciler).RunAsync(planned, looks);
        Assert.True(final is null or { IsOk: true }, final?.Sentence);
        shared.Somebody.Work();
        await new Continued(shared, reconciler, planned, looks, live!).PlayAsync(sequel, script);
    }

    private Task PlayAsync(Sequel sequel, int[] script) => sequel switch
    {
        Sequel.LeftToTheOther => LeaveAsync(script),
        Sequel.Extended => ExtendAsync(script),
        Sequel.BesideAnother => HoldBesideAsync(script),
        Sequel.MovedOn => MoveOnAsync(script),
    };

    /// <summary>The one that is named on the object lets go first, or the other one.</summary>
    private async Task LeaveAsync(int[] script)
    {
        var other = lease with { Id = Guid.NewGuid(), Incident = lease.Incident + 1, Operation = Guid.NewGuid(), Joins = lease.Operation, Deadline = lease.Deadline.AddHours(1) };
        var (leaves, stays) = script.Length % 3 > 0 ? (lease, other) : (other, lease);
        stage.Open(script, (path, before, after) =>
        {
            judge.Look(path, before, after);
            LookAtLeft(leaves, stays, before, after);
        });
        var left = await stage.UntilAnsweredAsync(() => reconciler.LeaveAsync(leaves.End("bob"), stays, default));
        Assert.False(left.IsOk && !stage.Somebody.HasReplaced && IsMarked(stage.Application) && Named(stage.Application, Annotations.Incident) == Number(leaves), "it names an incident that let go of it");
        stage.LookWith(judge.Look);
        var final = await story.EndAsync(stays);
        stage.ThrowWhatWasJudged();
        stage.AssertNothingIsLeft(first, judge, final.Sentence, isNotKnownAsOurs: false);
    }

    private async Task ExtendAsync(int[] script)
    {
        stage.Open(script, judge.Look);
        var extended = await MoveEndAsync(first, lease, judge);
        stage.LookWith(judge.Look);
        var final = await story.EndAsync(extended);
        stage.ThrowWhatWasJudged();
        stage.AssertNothingIsLeft(first, judge, final.Sentence, isNotKnownAsOurs: false);
    }

    /// <summary>Each has one of its own; either is extended, and they end in any order.</summary>
    private async Task HoldBesideAsync(int[] script)
    {
        var (_, facts) = await reconciler.InspectAsync(lease.Target, default);
        var second = Opening.Planned(Tale.PauseByWindow, facts!) with { Incident = first.Incident + 1 };
        second = second with { Plan = second.Plan with { Work = second.Plan.Of<PauseWork>() with { Since = Some.Now } } };
        var beside = new Judge(second, (JsonObject)stage.Application.DeepClone());
        stage.Open(script, beside.Look);
        var (final, live) = await story.RunAsync(second, beside);
        List<(Operation Made, Lease Held, Judge Judges)> windows = live is null ? [(first, lease, judge)] : [(first, lease, judge), (second, live, beside)];
        if (script.Length % 2 == 0)
        {
            windows.Reverse();
        }

        windows[0] = windows[0] with { Held = await MoveEndAsync(windows[0].Made, windows[0].Held, windows[0].Judges) };
        if (script.Length % 3 == 0)
        {
            windows.Reverse();
        }

        foreach (var (_, held, judges) in windows)
        {
            stage.LookWith(judges.Look);
            await story.EndAsync(held);
        }

        stage.ThrowWhatWasJudged();
        stage.AssertNothingIsLeft(first, judge, final?.Sentence, isNotKnownAsOurs: false);
        stage.AssertNothingIsLeft(second, beside, final?.Sentence, isNotKnownAsOurs: false);
    }

    /// <summary>Under the same lease; some end is begun before anybody has learned whether it was stored.</summary>
    private async Task MoveOnAsync(int[] script)
    {
        var (_, facts) = await reconciler.InspectAsync(lease.Target, default);
        var further = SomeBranch.Running(facts!, Guid.NewGuid(), SomeBranch.Later, lease) with { Lease = lease.Id };
        var moves = new Judge(further, (JsonObject)stage.Application.DeepClone()) { Earlier = first };
        stage.Open(script, moves.Look);
        var (final, live) = await story.RunAsync(further, moves);
        var moving = lease.Move(further);
        await story.EndAsync(script.Length % 3 == 0 ? moving : live is null ? moving.NotMoved() : moving.Moved(further, Some.Now));
        stage.ThrowWhatWasJudged();
        stage.AssertNothingIsLeft(first, judge, final?.Sentence, isNotKnownAsOurs: false);
        stage.AssertNothingIsLeft(further, moves, final?.Sentence, isNotKnownAsOurs: false);
    }

    private async Task<Lease> MoveEndAsync(Operation of, Lease held, Judge judges)
    {
        var until = held.Deadline.AddHours(1);
        var extension = of with { Id = Guid.NewGuid(), Kind = OperationKind.Extend, Until = until, Plan = of.Plan with { Work = new ExtendWork(held.Mechanism, held.Before) } };
        stage.LookWith((path, before, after) =>
        {
            judges.Look(path, before, after);
            LookAtExtended(held, judges, path, until, before, after);
        });
        var answer = await stage.UntilAnsweredAsync(() => reconciler.MarkAsync(extension.Continue(), default));
        Assert.True(answer.Kind is ClusterAnswerKind.Ok or ClusterAnswerKind.Moved, answer.Sentence);
        if (UntilWhen(held, judges) is { } there)
        {
            Assert.True(answer.IsOk, $"it is there, and was not extended: {answer.Sentence}");
            Assert.Equal(OverrideMarks.Moment(until), there);
        }

        return answer.IsOk ? held.Extend(until) : held;
    }

    /// <summary>The moment moves where it is still that of this incident, and nothing else does.</summary>
    private void LookAtExtended(Lease held, Judge judges, string path, DateTimeOffset until, JsonObject before, JsonObject after)
    {
        if (path == Somebody.Project)
        {
            Assert.Equal((1, 1), (judges.OurWindows(before).Count(), judges.OurWindows(after).Count()));
            return;
        }

        Assert.True(held.WindowIn is null && IsMarked(before) && Named(before, Annotations.Incident) == Number(held), $"moved the end of somebody else: {before.ToJsonString()}");
        Assert.Equal(OverrideMarks.Moment(until), Named(after, Annotations.ExpiresAt));
        Judge.AssertSame(Without(before, Annotations.ExpiresAt), Without(after, Annotations.ExpiresAt), "the application");
    }

    /// <summary>What the cluster says, where it is there for this incident.</summary>
    private string? UntilWhen(Lease held, Judge judges) =>
        held.WindowIn is not null ? judges.OurWindows(stage.Project).Select(window => ((string)window!["description"]!).Split(" until ")[1].Split(';')[0]).SingleOrDefault()
        : !stage.Somebody.HasReplaced && IsMarked(stage.Application) && Named(stage.Application, Annotations.Incident) == Number(held) ? Named(stage.Application, Annotations.ExpiresAt)
        : null;

    /// <summary>What the other one holds stays, and only for which incident it is there and until when is written; what is not there any more loses its marks.</summary>
    private void LookAtLeft(Lease leaves, Lease stays, JsonObject before, JsonObject after)
    {
        Assert.True(IsMarked(before), $"wrote under the mark of somebody else: {before.ToJsonString()}");
        if (IsMarked(after))
        {
            Assert.Equal(Number(leaves), Named(before, Annotations.Incident));
            Assert.Equal((Number(stays), OverrideMarks.Moment(stays.Deadline)), (Named(after, Annotations.Incident), Named(after, Annotations.ExpiresAt)));
            Judge.AssertSame(Without(before, Annotations.Incident, Annotations.ExpiresAt), Without(after, Annotations.Incident, Annotations.ExpiresAt), "the application");
        }
        else
        {
            Assert.False(IsHeld(before), $"the other one holds it, and it was let go: {before.ToJsonString()}");
        }
    }

    private bool IsHeld(JsonObject application) => lease.Only is null
        ? application["spec"]!["syncPolicy"]?["automated"]?["enabled"]?.ToJsonString() == "false" && Judge.SwitchedByUs(application)
        : application["spec"]!["ignoreDifferences"] is JsonArray rules && rules.Any(Judge.IsOurRule);

    private bool IsMarked(JsonObject application) => Named(application, Annotations.Operation) == lease.Mark.ToString();

    private static string Number(Lease lease) => lease.Incident.ToString(CultureInfo.InvariantCulture);

    private static string? Named(JsonObject application, string annotation) => (string?)application["metadata"]!["annotations"]?[annotation];

    private static JsonObject Without(JsonObject application, params string[] annotations)
    {
        var left = Judge.Compared(application);
        foreach (var name in annotations)
        {
            (left["metadata"]!["annotations"] as JsonObject)?.Remove(name);
        }

        return left;
    }
}
