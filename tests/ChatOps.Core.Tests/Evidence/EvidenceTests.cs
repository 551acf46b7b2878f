using ChatOps.Core.Conversation;
using ChatOps.Core.Evidence;
using ChatOps.Core.Grants;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Evidence;

/// <summary>From an audit event to the timeline, the thread and the end.</summary>
public sealed class EvidenceTests
{
    [Fact]
    public async Task What_was_done_is_on_the_timeline_with_its_own_time_and_in_one_message_that_edits_itself()
    {
        var world = await GivenAsync();
        var at = world.Now;
        world.Time.Advance(TimeSpan.FromSeconds(30));
        await HearAsync(world, SomeEvent.Patch(at));
        await HearAsync(world, SomeEvent.Patch(at.AddSeconds(5), name: "cart"), SomeEvent.Patch(at.AddSeconds(9), user: "bob@example.org"));

        var entries = Entries(world, TimelineKind.GrantUsed);
        Assert.Equal((at, at.AddSeconds(30), "alice"), (entries[0].At, entries[0].LearnedAt, entries[0].By));
        Assert.Equal($"alice patched deployments.apps/checkout in shop: /spec/replicas = 3, with access {Only(world).ShortId}", entries[0].Text);
        Assert.Equal($"bob patched deployments.apps/checkout in shop: /spec/replicas = 3, while access {Only(world).ShortId} was open", entries[2].Text);
        Assert.All(entries, entry => Assert.Equal(Only(world).Id, entry.Subject));
        var said = world.Chat.Said.Where(said => said.Card.Title.StartsWith("Done with access", StringComparison.Ordinal)).ToList();
        Assert.Equal(["post", "edit"], said.Select(one => one.What));
        Assert.EndsWith("2 changes", said[1].Card.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_is_brought_again_after_a_restart_is_told_once()
    {
        var world = await GivenAsync();
        var batch = new[] { SomeEvent.Patch(world.Now), SomeEvent.Exec(world.Now) };
        await HearAsync(world, batch);
        world.Restart();

        Assert.Equal(0, await world.HearAudit.HandleAsync("prod", batch, default));
        await world.WorkOnUsesAsync();

        Assert.Equal(2, Entries(world, TimelineKind.GrantUsed).Count);
    }

    [Fact]
    public async Task The_same_person_in_another_cluster_used_other_rights()
    {
        var world = await GivenAsync();

        Assert.Equal(0, await world.HearAudit.HandleAsync("staging", [SomeEvent.Patch(world.Now)], default));
    }

    [Fact]
    public async Task The_telling_that_was_faster_loses_no_event()
    {
        var world = await GivenAsync();
        await HearAsync(world, SomeEvent.Patch(world.Now));
        var crossed = false;
        world.Records.BeforeCommit = async changes =>
        {
            if (changes.Uses.Count > 0 && !crossed)
            {
                crossed = true;
                await world.HearAudit.HandleAsync("prod", [SomeEvent.Patch(world.Now, name: "cart")], default);
            }
        };

        await HearAsync(world, SomeEvent.Patch(world.Now, name: "search"));

        Assert.Equal(3, (await UseAsync(world)).Changes);
        Assert.Equal(3, Entries(world, TimelineKind.GrantUsed).Count);
    }

    [Fact]
    public async Task At_the_end_it_is_said_what_it_was_used_for()
    {
        var world = await GivenAsync();
        await HearGivenAsync(world);
        await HearAsync(world, SomeEvent.Patch(world.Now), SomeEvent.Patch(world.Now.AddMilliseconds(5)), SomeEvent.Patch(world.Now, name: "cart"));

        await EndAsync(world);

        Assert.Equal($"The access of alice to shop-a as editor ({Only(world).ShortId}) was used for 3 changes: patched deployments.apps/checkout in shop: /spec/replicas = 3, 2 times until 2026-11-23 02:00 UTC; patched deployments.apps/cart in shop: /spec/replicas = 3. I found nothing that outlives it.", Sum(world));
        Assert.Empty(Entries(world, TimelineKind.GrantLeftBehind));
    }

    [Fact]
    public async Task That_it_was_not_used_is_said_only_where_the_audit_log_told_of_the_access_itself()
    {
        var world = await GivenAsync();
        await HearGivenAsync(world);
        await EndAsync(world);
        Assert.Contains("was used for no change: the audit log of cluster prod, which told of its beginning and of its end, tells of no change and no shell by alice@example.org with it. Reading is not in it.", Sum(world), StringComparison.Ordinal);

        var unheard = await GivenAsync();
        await EndAsync(unheard, isHeard: false);
        Assert.Contains("is not known: the audit log of cluster prod told us nothing of it. No live object in namespace shop of cluster prod says that anything but the cluster's own programs wrote to it in that time. What was deleted, and what the same tool wrote over, no live object tells.", Sum(unheard), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_audit_log_live_objects_name_tools_and_that_is_said_to_be_a_guess()
    {
        var world = await GivenAsync();
        var during = world.Now.AddMinutes(3);
        world.Drifts = [new("Deployment", "shop", "checkout",
        [
            new("/spec/replicas", "2", "3", DriftClass.Changed, "kubectl-edit", during),
            new("/spec/paused", null, "true", DriftClass.AddedByHand, "kubectl", during.AddHours(-5)),
        ])];

        await EndAsync(world, isHeard: false);

        Assert.Contains("In that time, as live objects in namespace shop of cluster prod say: kubectl-edit wrote Deployment/checkout in shop: /spec/replicas. That names tools and the fields they hold, and is a guess as to who.", Sum(world), StringComparison.Ordinal);
        Assert.Contains(Entries(world, TimelineKind.GrantUsed), entry => entry.At == during && entry.By == "kubectl-edit" && entry.Text.EndsWith("that is the tool, who used it is not known", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_live_objects_said_meanwhile_is_kept_although_the_next_writer_takes_it_away()
    {
        var world = await GivenAsync();
        var during = world.Now.AddMinutes(3);
        world.Drifts = [new("Deployment", "shop", "checkout", [new("/spec/replicas", "2", "3", DriftClass.Changed, "kubectl-edit", during)])];
        world.Time.Advance(TimeSpan.FromMinutes(10));
        await world.WorkOnUsesAsync();
        world.Time.Advance(TimeSpan.FromMinutes(10));
        await world.WorkOnUsesAsync();
        world.Drifts = [];

        Assert.Equal(during, Assert.Single(Entries(world, TimelineKind.GrantUsed)).At);
        await EndAsync(world, isHeard: false);
        Assert.Contains("kubectl-edit wrote Deployment/checkout", Sum(world), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_an_audit_log_tells_nothing_is_guessed()
    {
        var world = await GivenAsync();
        await HearGivenAsync(world);
        world.Drifts = [new("Deployment", "shop", "checkout", [new("/spec/replicas", "2", "3", DriftClass.Changed, "kubectl-edit", world.Now.AddMinutes(3))])];
        world.Time.Advance(TimeSpan.FromMinutes(12));
        await world.WorkOnUsesAsync();
        await EndAsync(world);

        Assert.Contains("was used for no change", Assert.Single(Entries(world, TimelineKind.GrantUsed)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_done_while_an_extension_is_open_too_is_told_of_the_extension()
    {
        var world = await GivenAsync();
        await HearGivenAsync(world);
        var first = Only(world);
        await world.SayAsync("alice", "breakglass", $"extend {first.ShortId} by 20m");
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        var second = world.Records.AllGrants.Single(grant => grant.Id != first.Id);
        await HearAsync(world, SomeEvent.Given(second, world.Now), SomeEvent.Patch(world.Now));

        world.Time.Advance(TimeSpan.FromMinutes(30));
        await world.WorkAsync();
        await HearAsync(world, SomeEvent.Ended(first, world.Now));
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.WorkOnUsesAsync();

        Assert.Equal(1, (await world.Records.FindUseAsync(second.Id, default))!.Changes);
        Assert.Contains($"What was done while {second.ShortId} was open too is told of that.", Sum(world), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_may_outlive_it_is_named_with_what_to_do_and_what_was_deleted_again_is_not()
    {
        var world = await GivenAsync();
        await HearGivenAsync(world);
        var gone = SomeEvent.Create(world.Now, "batch", "cronjobs", "gone");
        await HearAsync(
            world,
            SomeEvent.Create(world.Now, "rbac.authorization.k8s.io", "rolebindings", "mine"), gone, gone with { Request = "later", Verb = "delete", At = world.Now.AddMilliseconds(9) }, SomeEvent.Exec(world.Now),
            SomeEvent.Create(world.Now, "", "serviceaccounts", "of-a-controller", user: "system:serviceaccount:argocd:argocd-application-controller"));
        world.Leftovers = new(
            [
                new(new("", "serviceaccounts", null, "shop", "of-a-controller"), "serviceaccounts/of-a-controller in shop", world.Now, "delete it"),
                new(null, "a token of role ci in Argo CD project shop", world.Now, "find out who made it"),
            ],
            ["cronjobs in shop"]);

        await EndAsync(world);

        var told = Assert.Single(Entries(world, TimelineKind.GrantLeftBehind)).Text;
        Assert.Contains("alice created rolebindings.rbac.authorization.k8s.io/mine in shop", told, StringComparison.Ordinal);
        Assert.Contains("kubectl delete rolebindings.rbac.authorization.k8s.io mine -n shop", told, StringComparison.Ordinal);
        Assert.Contains("ran something in pods/checkout-1/exec in shop, not known to be closed", told, StringComparison.Ordinal);
        Assert.Contains("kubectl delete pod checkout-1 -n shop", told, StringComparison.Ordinal);
        Assert.Contains("a token of role ci in Argo CD project shop", told, StringComparison.Ordinal);
        Assert.Contains("Not looked at: cronjobs in shop.", told, StringComparison.Ordinal);
        Assert.DoesNotContain("cronjobs.batch/gone", told, StringComparison.Ordinal);
        Assert.DoesNotContain("of-a-controller", told, StringComparison.Ordinal); // the audit log tells who made what
    }

    [Fact]
    public async Task A_shell_that_closes_later_is_brought_up_to_date_and_then_nothing_more_is_listened_for()
    {
        var world = await GivenAsync();
        await HearGivenAsync(world);
        var shell = SomeEvent.Exec(world.Now);
        await HearAsync(world, shell);
        await EndAsync(world);
        world.Time.Advance(TimeSpan.FromHours(1));
        await world.WorkOnUsesAsync();
        Assert.False((await UseAsync(world)).IsSettled);

        await HearAsync(world, SomeEvent.Closed(shell, world.Now));
        await world.WorkOnUsesAsync();

        Assert.Contains(", closed ", CardWords(world), StringComparison.Ordinal);
        Assert.True((await UseAsync(world)).IsSettled);
        Assert.Equal(1, world.LeftoverLooks);
    }

    [Fact]
    public async Task Late_events_of_access_that_has_ended_still_belong_to_it()
    {
        var world = await GivenAsync();
        await HearGivenAsync(world);
        var during = world.Now.AddMinutes(1);
        await EndAsync(world);

        await HearAsync(world, SomeEvent.Patch(during), SomeEvent.Patch(world.Now));

        Assert.Equal(1, (await UseAsync(world)).Changes);
        Assert.Equal(during, Entries(world, TimelineKind.GrantUsed)[^1].At);
    }

    [Fact]
    public async Task Whoever_does_not_use_it_is_asked_once_whether_they_need_it_and_can_give_it_back()
    {
        var world = await GivenAsync();
        await HearGivenAsync(world);
        world.Time.Advance(TimeSpan.FromMinutes(14));
        await world.WorkOnUsesAsync();
        Assert.Empty(Hints(world));

        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.WorkOnUsesAsync();
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.WorkOnUsesAsync();
        await world.PostAllAsync();
        Assert.Contains("tells of no change and no shell by alice@example.org with it; what you only read is not in it", Words(Assert.Single(Hints(world))), StringComparison.Ordinal);

        Assert.Null(await world.PressAsync("alice", ChoiceKind.EndGrant));
        await EndAsync(world);
        Assert.Equal(GrantState.Ended, Only(world).State);
        Assert.Equal("Your access to shop-a has ended", world.Chat.Said.Last(said => said.What == "edit" && said.Card.Title.Contains("our access to", StringComparison.Ordinal)).Card.Title);
    }

    [Theory]
    [InlineData(true, true, 0)]
    [InlineData(false, false, 0)]
    [InlineData(true, false, 1)]
    public async Task Nobody_is_asked_who_uses_it_or_of_whom_nobody_knows(bool isHeard, bool isUsed, int hints)
    {
        var world = await GivenAsync();
        if (isHeard)
        {
            await HearGivenAsync(world);
        }

        if (isUsed)
        {
            await HearAsync(world, SomeEvent.Patch(world.Now));
        }

        world.Time.Advance(TimeSpan.FromMinutes(20));
        await world.WorkOnUsesAsync();
        await world.PostAllAsync();

        Assert.Equal(hints, Hints(world).Count);
    }

    /// <summary>Reading is in no log that comes here: whoever is still looking for the cause uses it.</summary>
    [Fact]
    public async Task Whoever_can_only_read_is_not_asked_and_never_said_not_to_have_used_it()
    {
        var world = await GivenAsync(["get, list, watch pods, pods/log, configmaps", "get, list, watch deployments (apps)"]);
        await HearGivenAsync(world);
        world.Time.Advance(TimeSpan.FromMinutes(20));
        await world.WorkOnUsesAsync();
        await world.PostAllAsync();
        Assert.Empty(Hints(world));

        Assert.Contains("No change so far.", Words((await world.SayAsync("bob", "breakglass", "list"))!), StringComparison.Ordinal);
        await EndAsync(world);
        Assert.DoesNotContain(world.Chat.Said, said => Words(said.Card).Contains("not used", StringComparison.OrdinalIgnoreCase) || said.Card.Title.Contains("not used", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_list_says_how_much_it_was_used_where_that_is_known()
    {
        var world = await GivenAsync();
        Assert.DoesNotContain("sed so far", Words((await world.SayAsync("bob", "breakglass", "list"))!), StringComparison.Ordinal);
        await HearGivenAsync(world);
        Assert.Contains("No change so far.", Words((await world.SayAsync("bob", "breakglass", "list"))!), StringComparison.Ordinal);
        await HearAsync(world, SomeEvent.Patch(world.Now), SomeEvent.Exec(world.Now));

        Assert.Contains("Used so far: 1 change and 1 stream.", Words((await world.SayAsync("bob", "breakglass", "list"))!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Access_that_began_and_was_heard_of_before_anybody_listened_is_known_all_the_same()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "breakglass", "request shop-a as editor for 30m because pods crashloop");
        await world.PressAsync("bob", ChoiceKind.Approve);
        world.Records.AfterCommit = changes =>
        {
            if (changes.Grants.FirstOrDefault() is { State: GrantState.Starting } starting)
            {
                world.Records.AfterCommit = null;
                world.HearAudit.HandleAsync("prod", [SomeEvent.Given(starting, world.Now)], default).GetAwaiter().GetResult();
            }
        };
        await world.WorkAsync();

        Assert.True((await UseAsync(world)).IsHeard);
        Assert.Equal(GrantState.Active, Only(world).State);
    }

    private static async Task<World> GivenAsync(IReadOnlyList<string>? rules = null)
    {
        var world = await World.WithIncidentAsync();
        world.Access.Rules = rules ?? world.Access.Rules;
        await world.SayAsync("alice", "breakglass", "request shop-a as editor for 30m because pods crashloop");
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        await world.BeginUsesAsync();
        await world.PostAllAsync();
        Assert.Equal(GrantState.Active, Only(world).State);
        return world;
    }

    private static Task HearGivenAsync(World world) => HearAsync(world, SomeEvent.Given(Only(world), world.Now));

    private static async Task HearAsync(World world, params AuditNotice[] notices)
    {
        await world.HearAudit.HandleAsync("prod", notices, default);
        await world.WorkOnUsesAsync();
        await world.PostAllAsync();
    }

    private static async Task EndAsync(World world, bool isHeard = true)
    {
        world.Time.Advance(TimeSpan.FromMinutes(30));
        await world.WorkAsync();
        Assert.Equal(GrantState.Ended, Only(world).State);
        if (isHeard)
        {
            await HearAsync(world, SomeEvent.Ended(Only(world), world.Now));
        }

        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.WorkOnUsesAsync();
        await world.PostAllAsync();
    }

    private static async Task<GrantUse> UseAsync(World world) => (await world.Records.FindUseAsync(Only(world).Id, default))!;

    private static Grant Only(World world) => Assert.Single(world.Records.AllGrants);

    private static List<TimelineEntry> Entries(World world, TimelineKind kind) => [.. world.Records.Entries.Where(entry => entry.Kind == kind)];

    private static string Sum(World world) => Entries(world, TimelineKind.GrantUsed)[^1].Text;

    private static List<Card> Hints(World world) => [.. world.Chat.Said.Select(said => said.Card).Where(card => card.Title.StartsWith("No change was made with your access", StringComparison.Ordinal))];

    private static string CardWords(World world) => Words(world.Chat.Said.Last(said => said.Card.Title.StartsWith("Done with access", StringComparison.Ordinal)).Card);

    private static string Words(Card card) => string.Join('\n', card.Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString()));
}
