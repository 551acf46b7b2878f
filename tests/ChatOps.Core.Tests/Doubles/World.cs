using ChatOps.Core.Alerts;
using ChatOps.Core.Conversation;
using ChatOps.Core.Deliveries;
using ChatOps.Core.Evidence;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Looking;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Acting;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Operations.Refreshing;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Operations.Syncing;
using ChatOps.Core.Operations.Terminating;
using ChatOps.Core.Outside;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Signals;
using ChatOps.Core.Troubles;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Core.Tests.Doubles;

/// <summary>
/// The real use cases over books in memory, a model of a cluster and a model of a chat system. People speak through
/// <see cref="SayAsync"/> and <see cref="PressAsync(string, ChoiceKind)"/>; <see cref="WorkAsync"/> is one round of the workers.
/// </summary>
internal sealed partial class World
{
    public static readonly Channel Room = new(ChatPlatform.Slack, "T1", "C1");

    /// <summary>Where shop-c is said when no incident has it in scope.</summary>
    public static readonly Channel ShopRoom = new(ChatPlatform.Slack, "T1", "C2");

    private IReconciler[]? engines;
    private int deliveries;

    public World(Action<RuleConfiguration>? rule = null)
    {
        Records = new(Time);
        Cluster = new(Time);
        View = new(Cluster);
        Policy = PolicyOf(rule);
        Chat.Groups["G-on-call"] = ["U-alice", "U-anna", "U-erin"];
        Chat.Groups["G-commander"] = ["U-bob", "U-carol"];
        Chat.Groups["G-platform"] = ["U-dave"];
        Register = new([.. new[] { "alice", "anna", "bob", "carol", "dave", "eve", "erin" }.Select(name => new Person(name, [Account(name)]) { KubernetesUser = name == "erin" ? null : $"{name}@example.org", ArgoCdUser = name == "anna" ? null : $"{name}@login" })]);
        Build();
    }

    public FakeTimeProvider Time { get; } = new(new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero));

    public MemoryRecords Records { get; }

    public ModelCluster Cluster { get; }

    /// <summary>What the live objects of the model cluster look like beside Git.</summary>
    public ModelView View { get; }

    public ModelChat Chat { get; } = new();

    /// <summary>What the watch of the cluster told.</summary>
    public ConcernsSeen Concerns { get; } = new();

    public PolicyConfiguration Policy { get; private set; }

    public Register Register { get; }

    public HandleDelivery Handle { get; private set; } = null!;

    public HonourClick Honour { get; private set; } = null!;

    public Reception Reception { get; private set; } = null!;

    public RunOperation Run { get; private set; } = null!;

    public TendOperations TendOperations { get; private set; } = null!;

    public WatchLease Watch { get; private set; } = null!;

    public WatchBranch WatchBranch { get; private set; } = null!;

    public EndLease End { get; private set; } = null!;

    public KeepEvidence Evidence { get; private set; } = null!;

    public KeepTaken Taken { get; private set; } = null!;

    public LookAfterEnd After { get; private set; } = null!;

    public TendLeases TendLeases { get; private set; } = null!;

    public TakeOver TakeOver { get; private set; } = null!;

    public PostOutgoing Post { get; private set; } = null!;

    public IncidentFiles Files { get; private set; } = null!;

    /// <summary>What the monitoring answers to each query.</summary>
    public Dictionary<string, SignalSeries> Monitoring { get; } = [];

    public HearAlerts Hear { get; private set; } = null!;

    public TellAlerts Tell { get; private set; } = null!;

    public LookOutside LookOutside { get; private set; } = null!;

    public LookForTrouble LookForTrouble { get; private set; } = null!;

    public ExplainCommand Explain { get; private set; } = null!;

    public DateTimeOffset Now => Clock.Now(Time);

    public static ChatAccount Account(string name) => new(ChatPlatform.Slack, "T1", $"U-{name}");

    /// <summary>An incident that bob declared, with shop-a and shop-b in scope and its thread posted.</summary>
    public static async Task<World> WithIncidentAsync(Action<RuleConfiguration>? rule = null)
    {
        var world = new World(rule);
        world.Cluster.Add("shop-a");
        world.Cluster.Add("shop-b");
        await world.SayAsync("bob", "incident", "declare \"checkout is down\" sev1 operator @alice apps shop-a,shop-b");
        await world.PostAllAsync();
        return world;
    }

    /// <summary>…and a pause of shop-a that carol approved and the cluster stored.</summary>
    public static async Task<World> WithPauseAsync(Action<RuleConfiguration>? rule = null)
    {
        var world = await WithIncidentAsync(rule);
        await world.SayAsync("alice", "gitops", "pause shop-a for 30m because the rollback needs hands");
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        return world;
    }

    /// <summary>The process again, with no Argo CD in its configuration any more.</summary>
    public void RestartWithoutCluster()
    {
        engines = [];
        Build();
    }

    /// <summary>The process again, with another policy: only the books and the outside world stay.</summary>
    public void Restart(Action<PolicyConfiguration>? policy = null)
    {
        policy?.Invoke(Policy);
        Build();
    }

    /// <summary>Somebody writes a command in the channel; returns what they were told privately, or null.</summary>
    public Task<Card?> SayAsync(string person, string program, string text, string? thread = null) =>
        DeliverAsync(person, new Said.Command(program, text), new Place(Room, thread));

    /// <summary>Somebody presses the newest button of that kind, wherever it was posted.</summary>
    public async Task<Card?> PressAsync(string person, ChoiceKind kind)
    {
        await PostAllAsync();
        var choice = Records.Choices.Last(one => one.Kind == kind);
        return await PressAsync(person, choice);
    }

    /// <summary>A button to approve alone that stands on the card although it would not be offered now: a card of yesterday, a role taken meanwhile.</summary>
    public async Task<Choice> OfferAloneAsync()
    {
        var operation = NewestOperation();
        var choice = new Choice(Tokens.Next(), ChoiceKind.SelfApprove, operation.Id, operation.Plan.Hash, MessageKey.Operation(operation.Id), Now.AddDays(30));
        await Records.CommitAsync(new Changes().Offer(choice), default);
        return choice;
    }

    public async Task<Card?> PressAsync(string person, Choice choice)
    {
        var message = choice.Message is { } key ? (await Records.FindMessageAsync(key, null, default))?.Ref : null;
        return await DeliverAsync(person, new Said.Pressed(choice.Token, message), new Place(Room, null));
    }

    /// <summary>Somebody submits the newest dialog.</summary>
    public async Task<Card?> AnswerAsync(string person, params (string Key, string Value)[] values)
    {
        await PostAllAsync();
        return await DeliverAsync(person, new Said.Answered(Chat.Dialogs[^1].Dialog.Token, values.ToDictionary(value => value.Key, value => value.Value)), new Place(Room, null));
    }

    public async Task<Card?> DeliverAsync(string person, Said said, Place place)
    {
        var delivery = new Delivery($"d{++deliveries}", Now, Account(person), place, said) { ReplyHandle = "handle" };
        await Records.AcceptAsync(delivery, default);
        var before = Records.Outbox is [.., var newest] ? newest.Id : 0;
        await Handle.HandleAsync(delivery, default);
        return Records.Outbox.Where(post => post.Id > before).Select(post => post.Post).OfType<Outgoing.Whisper>().LastOrDefault()?.Card;
    }

    /// <summary>One round of the workers over everything that is due.</summary>
    public async Task WorkAsync()
    {
        foreach (var operation in await Records.LiveOperationsAsync(default))
        {
            if (operation.State is OperationState.Approved or OperationState.Running && (operation.NextAttemptAt ?? Now) <= Now)
            {
                await UnlessStaleAsync(() => Run.HandleAsync(operation.Id, default));
            }
        }

        await UnlessStaleAsync(() => TendOperations.HandleAsync(Now, default));
        var unsettled = await Records.UnsettledLeasesAsync(default);
        foreach (var lease in unsettled)
        {
            if (lease.State == LeaseState.Ending && (lease.NextAttemptAt ?? Now) <= Now)
            {
                await UnlessStaleAsync(() => End.FinishAsync(lease.Id, default));
            }
            else if (lease.State == LeaseState.Active || lease.WaitsForPeople)
            {
                await UnlessStaleAsync(() => lease is { Kind: LeaseKind.Branch, State: LeaseState.Active } ? WatchBranch.HandleAsync(lease.Id, default) : Watch.HandleAsync(lease.Id, unsettled, default));
            }
            else if (lease.AwaitsEngine)
            {
                await UnlessStaleAsync(() => After.HandleAsync(lease.Id, default));
            }
        }

        foreach (var lease in Records.AllLeases.Where(lease => lease.State == LeaseState.Active).ToList())
        {
            await UnlessStaleAsync(() => Evidence.HandleAsync(lease.Id, default));
        }

        await UnlessStaleAsync(() => TendLeases.HandleAsync(Now, default));
        await WorkOnGrantsAsync();
    }

    public async Task PostAllAsync()
    {
        for (var round = 0; round < 500; round++)
        {
            var due = await Records.DueAsync(Now, 64, default);
            if (due.Count == 0)
            {
                return;
            }

            foreach (var post in due)
            {
                await Post.HandleAsync(post, default);
            }
        }

        throw new InvalidOperationException("the outbox does not empty");
    }

    /// <summary>The controller works through what is new: it takes the refresh off.</summary>
    public void ControllerAnswers()
    {
        foreach (var application in Cluster.All.ToList())
        {
            Cluster[application.Ref] = application with { RefreshPending = false, Flight = null };
        }
    }

    public Lease OnlyLease() => Assert.Single(Records.AllLeases);

    public Operation OnlyOperation() => Assert.Single(Records.AllOperations);

    public Operation NewestOperation() => Records.AllOperations.Last();

    private static PolicyConfiguration PolicyOf(Action<RuleConfiguration>? change)
    {
        var rule = SomeRule("pause-shop", ["on-call"], ["pause", "rollback", "branch"]);
        rule.WithoutApproval = false;
        rule.Approvals = new ApprovalConfiguration { FromRole = "commander", AskNext = { new AskNextConfiguration { Role = "platform", After = TimeSpan.FromMinutes(10) } } };
        rule.EmergencySelfApproval = new EmergencyConfiguration { AfterSilence = TimeSpan.FromMinutes(15), LongestDuration = TimeSpan.FromMinutes(30) };
        change?.Invoke(rule);
        var policy = new PolicyConfiguration { Version = "7", EscalateTo = { "commander", "platform" } };
        foreach (var (name, user) in new[] { ("on-call", "chatops:on-call"), ("commander", "chatops:commander"), ("platform", "") })
        {
            policy.Roles.Add(new RoleConfiguration { Name = name, KubernetesUser = user, Groups = { $"G-{name}" } });
        }

        policy.Rules.Add(rule);
        policy.Rules.Add(SomeRule("act", ["on-call"], ["refresh", "sync", "sync-only", "terminate"]));
        policy.Rules.Add(Prune());
        policy.Rules.Add(SomeRule("end", ["on-call", "commander"], ["resume", "own"]));
        AddAccess(policy);
        return policy;
    }

    private static RuleConfiguration Prune()
    {
        var rule = SomeRule("act-hard", ["on-call"], ["sync-prune", "sync-at"]);
        rule.WithoutApproval = false;
        rule.Approvals = new ApprovalConfiguration { FromRole = "commander" };
        return rule;
    }

    private static RuleConfiguration SomeRule(string name, string[] roles, string[] verbs)
    {
        var rule = new RuleConfiguration { Name = name, Applications = { "*" }, Projects = { "*" }, Namespaces = { "*" }, Clusters = { "*" }, LongestDuration = TimeSpan.FromHours(2), WithoutApproval = true };
        rule.Roles.AddRange(roles);
        rule.Verbs.AddRange(verbs);
        return rule;
    }

    private static async Task UnlessStaleAsync(Func<Task> step)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await step();
                return;
            }
            catch (StaleRecordException) when (tries < 20)
            {
                // As the workers do: decide again on what is stored now.
            }
        }
    }

    private ObeyLooking Looking(Applications applications, WhichIncident which, ReadSignals signals)
    {
        var seen = Seen(applications, which);
        var answering = new Answering(Records, which);
        return new(new ListApplications(seen, Concerns, which, answering), new ShowApplication(seen, Records, Reception, answering), new ShowDifferences(seen, answering), new ShowRunbook(seen, which, Records, answering, Time), new ShowSignals(which, Files, applications, signals, Records, Time));
    }

    private ApplicationsSeen Seen(Applications applications, WhichIncident which) => new(applications, engines is null ? [View] : [], which);

    private void Build()
    {
        Reception = new(Register, [Chat]);
        var rules = new AskRulebook(new Rulebook(Policy), new RoleMembership(Register, Policy, [Chat]));
        var applications = new Applications(engines ?? [Cluster]);
        Files = new(Records, Reception, Time);
        var which = new WhichIncident(Records);
        var lookAgain = new LookAgain(applications, rules);
        ActionKind[] actions = [new RefreshKind(applications, lookAgain), new SyncKind(applications, lookAgain), new TerminateKind(applications, lookAgain)];
        Explain = new(Register, applications, new(actions), rules, new RecogniseByEmail(Register, [Chat], Email), Time);
        var pause = new PauseKind(Records, applications, lookAgain);
        var kinds = new KindsOfOperation([pause, new RollbackKind(pause, Records, applications, lookAgain), new BranchKind(applications, lookAgain), new ExtendKind(Records, applications, lookAgain), new NamespacePauseKind(pause, Records, new(Records, applications, rules)), .. actions, GrantKind(rules, applications)]);
        var routing = new AlertRouting([], ["application"], ["critical"], TimeSpan.FromHours(5));
        var alone = new ApprovedAlone(Records, rules, new ConfirmingAlert(Records, applications, routing), Reception);
        var approvers = new AskApprovers(rules, alone, Reception);
        var look = new LookAtScope(applications, rules, Time);
        var extend = new RequestExtension(Records, Files, applications, rules, approvers);
        var whichLease = new WhichLease(which, Records);
        var ask = new AskAboutLease(rules, Reception);
        var own = new OwnLease(Records, Files, applications, rules, ask, Reception);
        LookOutside = new(Records, applications, rules, Time);
        LookForTrouble = new(Records, applications, Time);
        Evidence = new(Seen(applications, which), Records, Files, Time);
        Taken = new(Records, Files);
        var comebacks = new LookAtComeback(Records, applications, LookAtBranchAsync);
        var askBeforeEnd = new AskBeforeEnd(Evidence, comebacks, rules, Reception);
        var resume = new ResumeLease(Records, Files, applications, rules, askBeforeEnd, Register, Reception);
        var signals = new ReadSignals(
            new([new(["shop-a"], [new("error rate", "errors($application)", "%", 1, null), new("requests", "requests($application)", "/s", null, 10)])], TimeSpan.FromMinutes(2)),
            (query, _, _, _, _) => Task.FromResult(Monitoring.GetValueOrDefault(query) ?? new SignalSeries([], "Prometheus does not answer")),
            applications);
        Hear = new(Records, routing, Time);
        Tell = new(Records, Files, new([new(["shop-*"], ShopRoom)]), Time);
        var access = BuildGrants(rules, applications, which, approvers);
        var act = new RequestAction(which, Files, applications, rules, approvers, new(actions));
        var obey = new ObeyCommand(
            new DeclareIncident(Records, Files, applications, Reception, look, Time),
            new ChangeIncident(which, Files, applications, Reception, look),
            new MoveIncident(which, Files, signals),
            new ShowIncident(which, Files, Records, Reception, (_, number, _) => new Uri($"https://chatops.example/incidents/{number}")),
            new AddNote(which, Files),
            new RequestPause(which, Records, Files, applications, rules, approvers),
            new RequestNamespacePause(which, Files, applications, new(Records, applications, rules), approvers),
            new ResumeNamespace(which, Records, Files, resume),
            act,
            new RequestRollback(which, Records, Files, applications, rules, approvers, act),
            new RequestBranch(which, Files, applications, rules, approvers, LookAtBranchAsync),
            new ObeyLeaseCommand(whichLease, extend, own, resume, new TakeOutside(Records, Files, applications, rules, askBeforeEnd, Reception), Reception),
            AccessCommands,
            Looking(applications, which, signals),
            Records,
            rules);
        Honour = new(Records, new DecideOperation(Records, Files, rules, approvers), new SelfApproveOperation(Records, Files, rules, approvers, alone), new HonourLeaseClick(Records, extend, resume, own, Time), access, new HonourSaying(Records, obey, Time), Time);
        Handle = new(Records, Reception, obey, Honour, new ShowHome(Records, Reception, ListGrants, Time), Time);
        Run = new(Records, Files, kinds, approvers, new CheckAgain(kinds, rules, Register, Reception), Evidence, Time);
        TendOperations = new(Records, Files, rules, approvers, alone);
        Watch = new(Records, Files, applications, Reception);
        WatchBranch = new(Records, Files, applications, new FollowBranch(rules, Reception), Reception, LookAtBranchAsync, Time);
        End = new(Records, Files, applications, Evidence, Register, Reception);
        After = new(Records, Files, applications);
        TendLeases = new(Records, Files, rules, ask, Evidence, comebacks, Reception);
        TakeOver = new(Records, Files, engines ?? [Cluster], new([new(["shop-*"], ShopRoom)]));
        Post = new(Records, [Chat], new Unheard(Records, Reception), new Unreached(Records, Files, ask, Reception), Time);
    }
}
