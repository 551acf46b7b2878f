using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.AnyOrder;

/// <summary>One run of the whole thing, step by step; each step is chosen by two small numbers.</summary>
internal sealed class Story
{
    private static readonly string[] People = ["alice", "anna", "bob", "carol", "dave", "eve"];

    private static readonly (ClusterAnswerKind Kind, bool Done)[] Writes =
    [
        (ClusterAnswerKind.Unknown, true), (ClusterAnswerKind.Unknown, false), (ClusterAnswerKind.Unavailable, false), (ClusterAnswerKind.Unavailable, true),
        (ClusterAnswerKind.Busy, false), (ClusterAnswerKind.Forbidden, false), (ClusterAnswerKind.FenceBusy, false), (ClusterAnswerKind.Rejected, false),
        (ClusterAnswerKind.Busy, false), (ClusterAnswerKind.Ok, true), (ClusterAnswerKind.Unknown, true), (ClusterAnswerKind.Forbidden, false),
    ];

    private readonly World world;

    /// <summary>Of the incidents that there are; of a single one nobody has to say which.</summary>
    private readonly IReadOnlyList<string?> threads;
    private int dieIn = -1;
    private bool dieAfter;

    private Story(World world, IReadOnlyList<string?> threads)
    {
        this.world = world;
        this.threads = threads;
        Promises = new(world);
        world.Records.BeforeCommit = _ => DieNowAsync(after: false);
        world.Records.AfterCommit = changes =>
        {
            Promises.Stored(changes);
            DieNowAsync(after: true).GetAwaiter().GetResult();
        };
    }

    public Promises Promises { get; }

    public static async Task<Story> BeginAsync(int quorum, int incidents)
    {
        var begun = await World.WithIncidentAsync(rule =>
        {
            rule.Approvals!.Count = quorum;
            rule.AtDeadline = quorum == 2 ? Core.Policy.AtDeadline.Resume : Core.Policy.AtDeadline.Escalate;
        });
        if (incidents == 1)
        {
            return new(begun, [null]);
        }

        await begun.SayAsync("bob", "incident", "declare \"payments are slow\" sev2 operator @anna apps shop-a,shop-b");
        await begun.PostAllAsync();
        return new(begun, [await ThreadAsync(begun, 1), await ThreadAsync(begun, 2)]);
    }

    public async Task DoAsync(Act act, int a, int b)
    {
        try
        {
            await TryAsync(act, a, b);
        }
        catch (DiedException)
        {
            dieIn = -1;
            world.Restart();
        }
        catch (StaleRecordException)
        {
            // A delivery that died half way was finished by its second life.
        }
    }

    /// <summary>The cluster, the chat and the people are back; nothing may be left over.</summary>
    public async Task SettleAsync()
    {
        dieIn = -1;
        world.Restart();
        world.Cluster.NextWrites.Clear();
        world.Cluster.NextReads.Clear();
        world.Chat.DirectorySilent = false;
        foreach (var who in People.Take(2))
        {
            world.Chat.Groups["G-on-call"].Add($"U-{who}");
        }

        for (var round = 0; round < 200 && Unsettled(); round++)
        {
            world.ControllerAnswers();
            await world.WorkAsync();
            await world.TakeOver.HandleAsync(default);
            await Promises.CheckAsync();
            foreach (var lease in world.Records.AllLeases.Where(lease => lease.State == LeaseState.Active || lease.WaitsForPeople).ToList())
            {
                Promises.DeadlineWasMinded(lease);
                if (round > 10)
                {
                    await world.SayAsync("alice", "gitops", $"resume {lease.Target.Name}", threads[(lease.Incident - 1) % threads.Count]);
                    await LeaveOffAsync(lease);
                }
            }

            world.Time.Advance(TimeSpan.FromMinutes(round < 5 ? 1 : 20));
        }

        Assert.False(Unsettled(), "Unsettled: " + string.Join(", ", world.Records.AllLeases.Where(lease => lease.IsUnsettled).Select(lease => $"{lease.Target.Name} {lease.State}"))
            + string.Join(", ", world.Records.AllOperations.Where(operation => !operation.IsTerminal).Select(operation => $"{operation.Kind} {operation.State}")));
        Promises.NothingIsLeftInTheCluster();
    }

    private static async Task<string?> ThreadAsync(World world, int incident) => (await world.Records.FindMessageAsync(MessageKey.Incident(incident), World.Room, default))!.Ref.Id;

    private async Task LeaveOffAsync(Lease lease)
    {
        await world.PostAllAsync();
        if (world.Records.Choices.LastOrDefault(choice => choice.Kind == ChoiceKind.LeaveOff && choice.Subject == lease.Id) is { } choice)
        {
            await world.PressAsync("alice", choice);
        }
    }

    private bool Unsettled() => world.Records.AllLeases.Any(lease => lease.IsUnsettled) || world.Records.AllOperations.Any(operation => !operation.IsTerminal);

    private async Task TryAsync(Act act, int a, int b)
    {
        var person = People[a % People.Length];
        var application = b % 2 == 0 ? "shop-a" : "shop-b";
        var thread = threads[b / 2 % threads.Count];
        switch (act)
        {
            case Act.Request:
                await world.SayAsync(a % 3 == 0 ? "anna" : "alice", "gitops", $"pause {application} for {5 + (b * 9)}m because reasons", thread);
                break;
            case Act.Approve:
                await PressAsync(People[2 + (a % 3)], b, ChoiceKind.Approve);
                break;
            case Act.PressAny:
                await PressAsync(person, b, null);
                break;
            case Act.Deny:
                await PressAsync(person, b, ChoiceKind.Deny);
                await AnswerAsync(person, a);
                break;
            case Act.SelfApprove:
                await PressAsync(a % 2 == 0 ? "alice" : "anna", b, ChoiceKind.SelfApprove);
                await AnswerAsync(a % 2 == 0 ? "alice" : "anna", 0);
                break;
            case Act.Extend:
                await world.SayAsync("alice", "gitops", $"extend {application} by {1 + (a * 7)}m", thread);
                break;
            case Act.Resume:
                await world.SayAsync(person, "gitops", $"resume {application}", thread);
                break;
            case Act.Own:
                await world.SayAsync(person, "gitops", $"own {application}", thread);
                break;
            case Act.ChangeRole:
                Toggle(a, person);
                break;
            case Act.Work:
                await world.WorkAsync();
                break;
            case Act.ClusterWillAnswer:
                world.Cluster.NextWrites.Enqueue(Writes[a]);
                break;
            case Act.ClusterWillNotRead:
                world.Cluster.NextReads.Enqueue(a % 2 == 0 ? ClusterAnswerKind.Unavailable : ClusterAnswerKind.Forbidden);
                break;
            case Act.ControllerAnswers:
                world.ControllerAnswers();
                break;
            case Act.SomebodyEdits:
                Edit(world.Cluster.All.First(one => one.Ref.Name == application), a);
                break;
            case Act.TimePasses:
                world.Time.Advance(TimeSpan.FromSeconds(1 + (a * 5) + (b * 30)));
                break;
            case Act.LongTimePasses:
                world.Time.Advance(TimeSpan.FromMinutes(1 + (a * 5)));
                break;
            case Act.ProcessWillDie:
                (dieIn, dieAfter) = (a % 4, b % 2 == 0);
                break;
            case Act.TakeOver:
                await world.TakeOver.HandleAsync(default);
                break;
            case Act.DirectoryFails:
                world.Chat.DirectorySilent = a < 6;
                break;
        }
    }

    private async Task PressAsync(string person, int which, ChoiceKind? kind)
    {
        await world.PostAllAsync();
        var choices = world.Records.Choices.Where(choice => choice.Message is not null && (kind is null || choice.Kind == kind)).Reverse().ToList();
        if (choices.Count > 0)
        {
            await world.PressAsync(person, choices[which % choices.Count]);
        }
    }

    private async Task AnswerAsync(string person, int which)
    {
        await world.PostAllAsync();
        if (world.Chat.Dialogs.Count > 0)
        {
            await world.AnswerAsync(person, ("reason", which % 3 == 0 ? "because" : "no"), ("by", $"{which}m"));
        }
    }

    private void Toggle(int which, string person)
    {
        var group = world.Chat.Groups.Values.ElementAt(which % 3);
        if (!group.Remove($"U-{person}"))
        {
            group.Add($"U-{person}");
        }
    }

    /// <summary>Changes behind the bot's back.</summary>
    private void Edit(ModelApplication one, int how)
    {
        Promises.WillBeEdited(one);
        world.Cluster[one.Ref] = Edited(one, how);
    }

    private static ModelApplication Edited(ModelApplication one, int how) => (how % 6) switch
    {
        0 => one with { Automated = ModelApplication.Before },
        1 => one with { Automated = ModelApplication.Before, Mark = null },
        2 => one with { Automated = """{"prune":false}""" },
        3 => one with { Uid = one.Uid + "x", Automated = ModelApplication.Before, Mark = null, RefreshPending = false },
        4 => one.IsOff ? one with { Mark = null } : one,
        _ => one with { RefreshPending = true },
    };

    private Task DieNowAsync(bool after)
    {
        if (dieIn >= 0 && dieAfter == after && dieIn-- == 0)
        {
            throw new DiedException();
        }

        return Task.CompletedTask;
    }

    private sealed class DiedException : Exception;
}
