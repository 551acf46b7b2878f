using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;
using ChatOps.Core.Timeline;

namespace ChatOps.Storage.Tests;

/// <summary>Valid samples with every field set to something of its own, so that a forgotten one shows.</summary>
internal static partial class Some
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 14, 5, 9, 123, TimeSpan.Zero);
    public static readonly Channel Channel = new(ChatPlatform.Slack, "T1", "C1");
    public static readonly ChatAccount Anna = new(ChatPlatform.Slack, "T1", "U1");
    public static readonly ApplicationRef Checkout = new("argo", "argocd", "checkout");

    public static Incident Incident(int number = 7) => new()
    {
        Number = number,
        Title = "Checkout 500s – “ünïcode” 🔥",
        Severity = Severity.Sev2,
        State = IncidentState.Mitigated,
        DeclaredAt = Now,
        DeclaredBy = "anna",
        Operator = "ben",
        Commander = "cleo",
        Channels = [Channel, new(ChatPlatform.Teams, "tenant", "19:x@thread.tacv2")],
        Scope = [Checkout],
        ClosedAt = Now.AddHours(1),
        Entries = 0,
        Head = Chain.Root(number),
    };

    public static Plan Plan() => new()
    {
        Target = new ApplicationTarget(Checkout, "uid-1", "shop", "prod", "checkout", "argocd/root"),
        Work = new ExtendWork(PauseMechanism.TakeOut, new("/spec/syncPolicy/automated", "null", """{"automated":null}""")),
        Changes = [new("/spec/syncPolicy/automated", """{"prune":true}""", null), new("/metadata/annotations/x", null, "\"1\"")],
        PolicyVersion = "3",
    };

    public static Operation Operation(Guid id, int incident = 7, OperationState state = OperationState.Approved) => new()
    {
        Id = id,
        Kind = OperationKind.Extend,
        Incident = incident,
        RequestedBy = "anna",
        RequestedByKubernetesName = "anna@example.com",
        RequestedAt = Now,
        Reason = "rollback of payment config",
        Duration = TimeSpan.FromMinutes(45),
        Until = Now.AddMinutes(46),
        Plan = Plan(),
        Authority = new("on call", "3", "oncall", "chatops:oncall", 1, "lead", TimeSpan.FromHours(4), true, [new("cto", TimeSpan.FromMinutes(5))], new(TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(20))),
        State = state,
        StateSince = Now.AddSeconds(1),
        RequestExpiresAt = Now.AddMinutes(30),
        Approvals = [new("cleo", Plan().Hash, Now.AddSeconds(2))],
        AskedNext = ["cto"],
        AskAgainAt = Now.AddSeconds(31),
        OfferedAloneAt = Now.AddMinutes(15),
        RequesterKnownBy = Core.People.Recognition.MappingFile,
        ReviewClosedBy = "dora",
        SelfApproved = true,
        Lease = Guid.CreateVersion7(Now),
        Attempts = 2,
        NextAttemptAt = Now.AddSeconds(30),
        Progress = "Running",
        Outcome = "paused",
    };

    public static HeldBranch Held => new("https://git.example.com/shop.git", "fix/x", new string('1', 40), [new("https://git.example.com/shop.git", new("/spec/sources/1/targetRevision", null, null))]);

    public static HeldFields Fields => new(
        [new(new("apps", "Deployment", "shop", "checkout"), ["/spec"]), new(new("", "ConfigMap", "shop", "checkout"), ["/data/MODE"])],
        new("/spec/syncPolicy/syncOptions", "[]", null));

    /// <summary>A lease that pins a branch, with everything that only such a one has.</summary>
    public static Lease Switch(Guid id) => Lease(id) with
    {
        Kind = LeaseKind.Branch,
        Outside = Outside,
        Branch = Held,
        BranchTip = new string('2', 40),
        BranchGone = true,
        Moving = new(Guid.CreateVersion7(Now), Held with { Commit = new string('2', 40) }),
    };

    /// <summary>A switch that follows its branch.</summary>
    public static Lease Following(Guid id) => Switch(id) with { Operation = id, Moving = null, Follows = id, PushWaits = true, MovedFrom = new(id, Held with { Commit = new string('3', 40) }) };

    public static Lease Lease(Guid id, int incident = 7, LeaseState state = LeaseState.Active) => new()
    {
        Id = id,
        Kind = LeaseKind.Pause,
        Incident = incident,
        Operation = Guid.CreateVersion7(Now),
        Target = Checkout,
        Uid = "uid-1",
        Mechanism = PauseMechanism.TakeOut,
        Before = new("/spec/syncPolicy", null, null),
        KubernetesUser = "chatops:oncall",
        Owner = "anna",
        Reason = "because",
        StartedAt = Now,
        Deadline = Now.AddMinutes(45),
        Latest = Now.AddHours(4),
        ResumeAtDeadline = true,
        State = state,
        Hold = Hold.Holding,
        HoldSince = Now.AddSeconds(3),
        NoticedAt = Now.AddMinutes(30),
        Escalations = 2,
        EscalatedAt = Now.AddMinutes(50),
        Asked = [new("anna", Anna, new MessageKey("lease/asks/anna"), Now.AddMinutes(45))],
        RevertsToldUpTo = Now.AddSeconds(4),
        AwaitsEngine = true,
        EndedSync = true,
        FromBackup = true,
        WindowIn = "shop",
        Hands = [new("ConfigMap", "shop", "checkout-config", [new("/data/MODE", "slow", "fast", DriftClass.Changed, "kubectl-edit", Now.AddMinutes(3))]) { PutBack = "kubectl patch …" }],
        HandsKept = true,
        HandsTold = 3,
        EndedAt = Now.AddHours(2),
        EndedBy = "ben",
        Attempts = 3,
        NextAttemptAt = Now.AddSeconds(9),
    };

    /// <summary>A lease whose end people were asked about, since it would overwrite what hands changed.</summary>
    public static Lease AskedAbout(Guid id) => Asked(Lease(id));

    public static Lease Asked(Lease lease) => lease with
    {
        Overwriting = new(OverwritingNeeds.Approval, "lead", "on call") { KnownByAtLeast = Recognition.MappingFile },
        Overwrite = new("anna", MessageKey.Entry(7, 4), ["0011=2233"], WhateverValue: true) { AgreedBy = "ben", Blind = true },
        InThread = [new(MessageKey.Entry(7, 4), IsAboutOverwriting: true, Now.AddMinutes(45), Core.Conversation.Card.Note("", Tone.Waiting, "asks to resume"))],
    };

    /// <summary>It stands on the mark of another incident's pause, and was to let go of it only.</summary>
    public static Lease Joining(Lease lease, Guid mark) => lease with { Joins = mark, HeldWith = [8, 9], OnlyLetsGo = true };

    public static Delivery Delivery(string key, Said? said = null) =>
        new(key, Now, Anna, new(Channel, "171.1"), said ?? new Said.Command("gitops", "pause checkout for 45m because x")) { ReplyHandle = "https://hooks.example/secret-" + key, IsDirect = true };

    public static Outgoing.Say Say(string key, string title = "hello", Where? where = null) =>
        new(new MessageKey(key), where ?? new Where.InChannel(Channel), Core.Conversation.Card.Note(title, Tone.Neutral));

    public static Choice Choice(string token) =>
        new(token, ChoiceKind.DenyWithReason, Guid.CreateVersion7(Now), Plan().Hash, MessageKey.Incident(7), Now.AddHours(1));

    public static Card Card() => new(
        "Title",
        Tone.Alarm,
        [
            new Part.Paragraph(new([
                new Run.Plain("a <b> & *c*"),
                new Run.Bold("bold"),
                new Run.Code("code"),
                new Run.Mention(Anna),
                new Run.GroupMention("S1"),
                new Run.Link(new Uri("https://example.com/x?y=1#z"), "label"),
                new Run.Moment(Now),
                new Run.LineBreak(),
            ])),
            new Part.Facts([new Fact("Until", "14:30"), new Fact("Who", Text.Of($"{Anna}"))]),
            new Part.Verbatim("  raw\n\ttext "),
            new Part.Divider(),
            new Part.Footnote("small"),
            new Part.Curve("errors of shop-a", [new(Now, 0.5), new(Now.AddSeconds(15), 0.25)], 0.1, null, Now.AddSeconds(7)),
            new Part.Buttons([
                new Button("Approve", "tok", ButtonStyle.Primary) { Confirm = "Sure?" },
                new Button("Open", "", ButtonStyle.Danger) { Link = new Uri("https://example.com/i/7") },
            ]),
        ])
    {
        Summary = "in a line",
    };

    public static Core.Alerts.Alert Alert() => new()
    {
        Fingerprint = "0123456789abcdef",
        State = Core.Alerts.AlertState.Resolved,
        Name = "CheckoutErrors",
        Severity = "critical",
        Summary = "12 % fail",
        About = new("prod", "argocd", "checkout"),
        StartedAt = Now,
        LearnedAt = Now.AddSeconds(30),
        HeardAt = Now.AddMinutes(5),
        EndedAt = Now.AddMinutes(4),
        Link = new Uri("https://prometheus.example.com/graph"),
        Shown = [new(MessageKey.Alerts(7, 3), 7, null, Core.Alerts.AlertState.Firing), new(MessageKey.Alerts("checkout", Now), null, new(Core.People.ChatPlatform.Slack, "T1", "C1"), Core.Alerts.AlertState.Resolved)],
    };

    public static Core.Outside.OutsideOverride Outside => new(Core.Outside.OutsideKind.RevisionMoved, "kubectl-edit", Now, [new(new("/spec/source/targetRevision", "\"main\"", null), "\"fix\"")]);

    /// <summary>An alert that somebody's hand raised, with everything that only such a one has.</summary>
    public static Core.Alerts.Alert OutsideAlert() => Alert() with
    {
        Fingerprint = "outside/prod/argocd/checkout/RevisionMoved/1",
        Source = Core.Alerts.AlertSource.Outside,
        Override = Outside,
        Taken = new("Anna", 7, new("01920000-0000-7000-8000-000000000001"), Now.AddHours(1)),
        Left = true,
        Telling = 2,
        Shown = [new(MessageKey.Outside("checkout", Now), null, new(Core.People.ChatPlatform.Slack, "T1", "C1"), Core.Alerts.AlertState.Firing, 1)],
    };

    public static Core.Alerts.Alert TroubleAlert() => Alert() with { Fingerprint = "trouble/prod/argocd/checkout/SyncFailed", Source = Core.Alerts.AlertSource.Application, Times = 3, WasThere = true };

    public static Core.Alerts.Alert WindowAlert() => Alert() with
    {
        Fingerprint = "window/prod/shop/1",
        Source = Core.Alerts.AlertSource.Window,
        Window = new("shop", """{"kind":"deny"}""", "deny `* * * * *` for 1h UTC", true, true, "kubectl-edit", Now, Core.Reconciliation.SeenWindow.NoEnd, Now.AddHours(1), [Checkout]) { TakeOut = "kubectl patch appprojects.argoproj.io shop" },
    };

    public static Core.Outside.KnownWindows KnownWindows() => new("argocd", new Dictionary<string, IReadOnlyList<string>> { ["shop"] = ["""{"kind":"deny"}"""], ["tools"] = [] });

    public static Core.Outside.Baseline Baseline() => new()
    {
        Application = Checkout,
        Uid = "uid-1",
        AutoSyncOn = true,
        Automated = new("/spec/syncPolicy/automated", "{}", """{"automated":{}}"""),
        Skips = true,
        Revisions = [new("/spec/source/targetRevision", "\"main\"", null)],
    };

    public static Dialog Dialog() =>
        new("Why?", "tok", "Deny", Text.Of($"You deny {"x":b}"), [new Question("reason", "Reason", true, 500) { Hint = "short" }, new Question("other", "Other", false, 20)]);
}
