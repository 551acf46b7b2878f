using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Leases;

/// <summary>What one look proves of a pause of some fields.</summary>
public class FieldsHoldingTests
{
    private static readonly Flight Older = new(true, "argocd", Some.Now.AddSeconds(-1), false, "Running", "", ["Deployment/web"]);

    private static readonly Flight Newer = Older with { StartedAt = Some.Now.AddSeconds(1), Respects = true };

    private static ApplicationFacts Held => SomeFields.Held();

    public static TheoryData<string, ApplicationFacts, int, Type> Looks => new()
    {
        { "the refresh is answered, and auto-sync is on", Held, 1, typeof(Holding.Proved) },
        { "the refresh waits", Held with { RefreshPending = true }, 5, typeof(Holding.Waiting) },
        { "the controller does not answer", Held with { RefreshPending = true }, 10, typeof(Holding.NotKnown) },
        { "an operation from before runs on", Held with { Flight = Older }, 5, typeof(Holding.Waiting) },
        { "one from before does not end", Held with { Flight = Older }, 10, typeof(Holding.NotKnown) },
        { "one that began with our option", Held with { Flight = Newer }, 1, typeof(Holding.Proved) },
        { "told to skip", Held with { Blockers = [new(BlockerKind.SkipReconcile, "frozen", "")] }, 1, typeof(Holding.NotKnown) },
        { "the rule is gone", Held with { Rules = RuleFacts.None with { Options = Held.Rules.Options } }, 1, typeof(Holding.Taken) },
        { "the option is gone", Held with { Rules = Held.Rules with { Options = RuleFacts.None.Options } }, 1, typeof(Holding.Taken) },
        { "a rule that names less", Held with { Rules = Held.Rules with { List = Held.Rules.List with { Json = Held.Rules.List.Json!.Replace("/spec", "/spec/replicas", StringComparison.Ordinal) } } }, 1, typeof(Holding.Taken) },
        { "the marks are gone and the rule is there", Held with { Mark = null }, 1, typeof(Holding.Proved) },
        { "another operation's mark", Held with { Mark = Held.Mark! with { Operation = Guid.Empty } }, 1, typeof(Holding.Taken) },
        { "the mark of another override over the rule", Held with { Mark = Held.Mark! with { Operation = Guid.Empty, Only = null } }, 1, typeof(Holding.Proved) },
        { "the mark of a pause of something else over the rule", Held with { Mark = Held.Mark! with { Operation = Guid.Empty, Only = new([new(SomeFields.Settings, ["/data"])], Held.Mark.Only!.Options) } }, 1, typeof(Holding.Proved) },
        { "somebody switched auto-sync off besides", Held with { AutoSyncOn = false, PauseFieldManager = "kubectl-edit" }, 1, typeof(Holding.Proved) },
        { "deleted and made again", Held with { Uid = "uid-2" }, 1, typeof(Holding.Gone) },
    };

    [Theory]
    [MemberData(nameof(Looks))]
    public void One_look_says_what_it_proves_and_no_more(string why, ApplicationFacts facts, int seconds, Type holding)
    {
        var looked = Holding.Judge(Lease(facts), facts, Some.Now.AddSeconds(seconds));

        Assert.True(looked.GetType() == holding, $"{why}: {looked}");
    }

    /// <summary>Self-heal goes on elsewhere, so an automatic sync after the pause is nothing to alarm anybody with.</summary>
    [Theory]
    [InlineData("Deployment/web", false, true)]
    [InlineData("Deployment/web", true, false)]
    [InlineData("ConfigMap/other", false, false)]
    public void Only_a_sync_that_goes_past_the_rules_slipped_through(string touched, bool respects, bool slipped)
    {
        var facts = Held with { LastOperation = Older with { StartedAt = Some.Now.AddSeconds(1), Phase = "Succeeded", Resources = [touched], Respects = respects, Seen = new(Some.Now.AddSeconds(1), Some.Now.AddSeconds(2), "Succeeded", 1) } };

        Assert.Equal(slipped, Holding.Slipped(Lease(facts), facts) is not null);
    }

    private static Lease Lease(ApplicationFacts facts) => SomeFields.Lease() with { Operation = facts.Mark is { } mark && mark.Operation != Guid.Empty ? mark.Operation : Guid.NewGuid() };
}
