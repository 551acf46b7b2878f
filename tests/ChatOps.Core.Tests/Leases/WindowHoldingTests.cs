using ChatOps.Core.Leases;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Leases;

/// <summary>What one look proves of a pause by window, after what a real Argo CD was seen to do (argocd-observed, section 4).</summary>
public class WindowHoldingTests
{
    private static readonly Flight Running = new(true, "argocd", Some.Now.AddSeconds(-1), false, "Running", "", ["apps/Deployment/shop"]);

    private static ApplicationFacts Held => SomeWindow.Facts() with
    {
        Mark = new OverrideMark(7, Some.Operation().Id, Some.Now.AddMinutes(45), new("/spec/syncWindows", null, null), "chatops:on-call") { Window = new("shop", IsOpen: true) },
        WindowsManager = "chatops",
    };

    public static TheoryData<string, ApplicationFacts, int, Type> Looks => new()
    {
        { "the refresh is answered, whatever the field says", Held, 1, typeof(Holding.Proved) },
        { "the refresh waits", Held with { RefreshPending = true }, 5, typeof(Holding.Waiting) },
        { "the controller does not answer", Held with { RefreshPending = true }, 10, typeof(Holding.NotKnown) },
        { "an operation of a RollingSync that the window stops", Held with { Flight = Running with { KeptByWindow = true } }, 1, typeof(Holding.Proved) },
        { "one that runs on", Held with { Flight = Running }, 5, typeof(Holding.Waiting) },
        { "one that does not end", Held with { Flight = Running }, 10, typeof(Holding.NotKnown) },
        { "told to skip", Held with { Blockers = [new(BlockerKind.SkipReconcile, "frozen", "")] }, 1, typeof(Holding.NotKnown) },
        { "the project cannot be read", Held with { Mark = null, UnreadProjects = ["shop"] }, 1, typeof(Holding.NotKnown) },
        { "taken out", Held with { Mark = null, WindowsManager = "kubectl-edit" }, 1, typeof(Holding.Taken) },
        { "edited, so that it does not deny it any more", Held with { Mark = Held.Mark! with { Window = new("shop", IsOpen: false) } }, 1, typeof(Holding.Taken) },
        { "another operation's window", Held with { Mark = Held.Mark! with { Operation = Guid.Empty } }, 1, typeof(Holding.Taken) },
        { "closed because its time is over", Held with { Mark = Held.Mark! with { Window = new("shop", IsOpen: false) } }, 46 * 60, typeof(Holding.Waiting) },
        { "the application went to another project", Held with { Mark = null, Project = "other" }, 1, typeof(Holding.Taken) },
        { "deleted and made again", Held with { Uid = "uid-2" }, 1, typeof(Holding.Gone) },
    };

    [Theory]
    [MemberData(nameof(Looks))]
    public void One_look_says_what_it_proves_and_no_more(string why, ApplicationFacts facts, int seconds, Type holding)
    {
        var looked = Holding.Judge(SomeWindow.Lease(), facts, Some.Now.AddSeconds(seconds));

        Assert.True(looked.GetType() == holding, $"{why}: {looked}");
    }

    public static TheoryData<string, Hold, ApplicationFacts, int, Type> Deployments => new()
    {
        { "what was to be deployed is", Hold.Stored, Deployed("good"), 1, typeof(Holding.Proved) },
        { "not yet", Hold.Stored, Deployed("bad"), 5, typeof(Holding.Waiting) },
        { "not at all", Hold.Stored, Deployed("bad"), 10, typeof(Holding.NotKnown) },
        { "its sync takes its time", Hold.Stored, Deployed("bad") with { Flight = Running with { Automated = false } }, 300, typeof(Holding.Waiting) },
        { "somebody synced by hand", Hold.Holding, Deployed("bad"), 300, typeof(Holding.NotKnown) },
        { "no history is kept", Hold.Holding, Held, 300, typeof(Holding.Proved) },
    };

    /// <summary>A window lets syncs by hand pass.</summary>
    [Theory]
    [MemberData(nameof(Deployments))]
    public void What_is_deployed_behind_it_is_looked_at_too(string why, Hold hold, ApplicationFacts facts, int seconds, Type holding)
    {
        var looked = Holding.Judge(SomeWindow.Lease() with { Deploys = ["good"], Hold = hold }, facts, Some.Now.AddSeconds(seconds));

        Assert.True(looked.GetType() == holding, $"{why}: {looked}");
    }

    [Fact]
    public void Who_took_it_is_said_only_when_the_cluster_says_it()
    {
        Assert.Equal("kubectl-edit", Taken(Held with { Mark = null, WindowsManager = "kubectl-edit" }).By);
        Assert.Contains("does not say", Taken(Held with { Mark = null, WindowsManager = null }).By, StringComparison.Ordinal);
        Assert.Contains("project other", Taken(Held with { Mark = null, Project = "other" }).By, StringComparison.Ordinal);
        Assert.Equal(Guid.Empty, Taken(Held with { Mark = Held.Mark! with { Operation = Guid.Empty } }).Another);
    }

    [Fact]
    public void It_ends_by_itself_so_nobody_is_asked_at_its_end()
    {
        var lease = SomeWindow.Lease();

        Assert.True(lease.ResumeAtDeadline);
        Assert.Equal("shop", lease.WindowIn);
        Assert.Equal(TendLeases.Step.Resume, TendLeases.Due(lease, new(), lease.Deadline));
    }

    [Fact]
    public void What_a_window_holds_is_not_paused_again()
    {
        var refusal = PausePlan.Obstacle(Held);

        Assert.Equal(RefusalKind.AlreadyDecided, refusal?.Kind);
        Assert.Contains("incident 7", refusal!.Why.ToString(), StringComparison.Ordinal);
    }

    private static ApplicationFacts Deployed(string revision) => Held with { Syncing = new() { History = [new(4, [revision], null, null, false), new(3, ["good"], null, null, false)] } };

    private static Holding.Taken Taken(ApplicationFacts facts) => Assert.IsType<Holding.Taken>(Holding.Judge(SomeWindow.Lease(), facts, Some.Now));
}
