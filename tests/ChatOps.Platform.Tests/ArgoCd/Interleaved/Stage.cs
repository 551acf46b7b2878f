using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Tests.Fakes;

namespace ChatOps.Platform.Tests.ArgoCd.Interleaved;

/// <summary>
/// Where a story is played. Once it is opened somebody does the next thing of a script before each request of ours arrives,
/// and each write of ours is looked at. When the script is used up Argo CD works on, and everything ends.
/// </summary>
internal sealed class Stage
{
    public const int Most = 60;
    private readonly FakeKubernetesApi fake;
    private readonly Queue<int> script = [];
    private ExceptionDispatchInfo? judged;

    public Stage(FakeKubernetesApi fake)
    {
        this.fake = fake;
        fake.BeforeRequest = null;
        fake.AfterPatch = null;
        fake.Prune = null;
        fake.Faults.Clear();
        Somebody = new(fake);
    }

    public Somebody Somebody { get; }

    /// <summary>As the controller does, in a moment.</summary>
    public bool DropsEmptyPolicies
    {
        init => fake.Prune += application => _ = value && application["spec"]!["syncPolicy"] is JsonObject { Count: 0 } && application["spec"]!.AsObject().Remove("syncPolicy");
    }

    /// <summary>A refresh of ours, so that nothing but our marks may be left on it.</summary>
    public bool AnswersAtOnce
    {
        init => fake.Prune += application => _ = value && application["metadata"]!["annotations"] is JsonObject annotations && (string?)annotations[Annotations.Refresh] == "normal" && annotations.Remove(Annotations.Refresh);
    }

    /// <summary>Nobody does anything any more.</summary>
    public bool IsQuiet => script.Count == 0;

    public JsonObject Application => fake.At(Somebody.Application)!;

    public JsonObject Project => fake.At(Somebody.Project)!;

    private JsonObject? Set => fake.At(Somebody.Set);

    public void Open(IEnumerable<int> acts, Action<string, JsonObject, JsonObject> look)
    {
        foreach (var act in acts)
        {
            script.Enqueue(act);
        }

        LookWith(look);
        fake.BeforeRequest = _ =>
        {
            if (script.TryDequeue(out var next) && next >= 0)
            {
                Somebody.Do(next);
            }
        };
    }

    /// <summary>Who judges the writes of ours from here on.</summary>
    public void LookWith(Action<string, JsonObject, JsonObject> look) => fake.AfterPatch = (path, before, after) =>
    {
        try
        {
            look(path, before, after);
        }
        catch (Exception e)
        {
            judged ??= ExceptionDispatchInfo.Capture(e); // this is the server's thread
        }
    };

    public void ThrowWhatWasJudged() => judged?.Throw();

    public async Task<ClusterAnswer> UntilAnsweredAsync(Func<Task<ClusterAnswer>> ask)
    {
        for (var attempt = 1; attempt <= Most; attempt++)
        {
            var answer = await ask();
            if (!answer.IsTransient)
            {
                return answer;
            }

            WorkOn();
        }

        throw new InvalidOperationException("it never came to an end");
    }

    public void WorkOn()
    {
        if (IsQuiet)
        {
            fake.Faults.Clear();
            Somebody.Work();
        }
    }

    public void AssertNothingIsLeft(Operation operation, Judge judge, string? final, bool isNotKnownAsOurs)
    {
        var project = Project.ToJsonString();
        var isReplaced = Somebody.HasReplaced;
        var annotations = Application["metadata"]!["annotations"]?.ToJsonString() ?? "";
        Assert.False(project.Contains(operation.Id.ToString(), StringComparison.Ordinal), $"a window is orphaned ({final}): {project}");
        Assert.False(!isReplaced && !Somebody.HasTakenPlace && operation.Plan.Work is PauseWork { Only: not null } && Application["spec"]!["ignoreDifferences"] is JsonArray rules && rules.Any(Judge.IsOurRule), $"a rule is orphaned ({final})");
        Assert.False(judge.WroteEntry && !Somebody.WroteEntry && !(isNotKnownAsOurs && Somebody.WroteEntries) && !IsStillOff() && Set!["spec"]!["ignoreApplicationDifferences"] is JsonArray entries && entries.Any(Judge.IsOurEntry), $"an entry is orphaned ({final})");
        Assert.False(!isReplaced && annotations.Contains(operation.Id.ToString(), StringComparison.Ordinal), $"a mark is orphaned ({final}): {annotations}");
        // Without the field only the marks tell whose it is.
        Assert.False(!isReplaced && judge.TookOut && !Somebody.TookPolicyOut && !Somebody.HasPaused && !(isNotKnownAsOurs && Somebody.TookMarks) && Application["spec"]!["syncPolicy"]?["automated"] is null, $"auto-sync is orphaned ({final})");
        Assert.False(!isReplaced && IsStillOff() && Judge.SwitchedByUs(Application) && !Somebody.HasPaused, $"the override is orphaned ({final})");
    }

    private bool IsStillOff() => Application["spec"]!["syncPolicy"]?["automated"]?["enabled"]?.ToJsonString() == "false";
}
