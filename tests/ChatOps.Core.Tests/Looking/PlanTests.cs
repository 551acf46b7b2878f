using System.Runtime.CompilerServices;
using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Looking;

public sealed class PlanTests
{
    [Theory]
    [InlineData("plan pause shop-b for 30m because the rollback needs hands", "Plan: Pause shop-b for 30 minutes", "one approval by commander")]
    [InlineData("plan extend shop-a by 10m", "Plan: Extend the pause of shop-a", "one approval by commander")]
    [InlineData("plan resume shop-a", "Plan", "goes back to")]
    [InlineData("plan refresh shop-b hard", "Plan: Hard refresh of shop-b", "It would run at once")]
    public async Task A_plan_tells_all_and_leaves_nothing_behind(string said, string title, string says)
    {
        var world = await World.WithPauseAsync();
        var before = Books(world);

        var card = await world.SayAsync("alice", "gitops", said);

        Assert.Equal(title, card!.Title);
        Assert.Contains(says, Words(card), StringComparison.Ordinal);
        Assert.DoesNotContain(card.Parts, part => part is Part.Buttons);
        Assert.Equal(before, Books(world));
    }

    [Fact]
    public async Task What_the_policy_would_refuse_is_refused_in_the_same_words()
    {
        var world = await World.WithIncidentAsync();

        var planned = await world.SayAsync("eve", "gitops", "plan pause shop-a for 30m because of me");
        var asked = await world.SayAsync("eve", "gitops", "pause shop-a for 30m because of me");

        Assert.Equal(Words(asked!), Words(planned!));
    }

    [Theory]
    [InlineData("plan", "Which change")]
    [InlineData("plan status shop-a", "changes nothing")]
    [InlineData("plan own shop-a", "changes nothing in a cluster")]
    [InlineData("plan close", "changes nothing in a cluster")]
    [InlineData("plan list", "changes nothing in a cluster")]
    [InlineData("plan plan pause shop-a for 30m because x y", "changes nothing")]
    [InlineData("plan pause shop-a", "How long")]
    public async Task What_is_no_change_cannot_be_planned(string said, string says)
    {
        var world = await World.WithIncidentAsync();

        Assert.Contains(says, Words((await world.SayAsync("alice", "gitops", said))!), StringComparison.Ordinal);
    }

    /// <summary>"changes nothing in a cluster" of what does, or no answer at all, is what a command gets that nobody thought of here.</summary>
    [Fact]
    public void Every_command_can_be_planned_or_leaves_clusters_alone()
    {
        var commands = typeof(Command).GetNestedTypes().Where(type => type.IsAssignableTo(typeof(Command)) && !type.IsAbstract).Select(type => (Command)RuntimeHelpers.GetUninitializedObject(type)).ToList();

        Assert.NotEmpty(commands);
        Assert.Empty(commands.Where(command => LookingVerbs.CanBePlanned(command) == LookingVerbs.LeavesClustersAlone(command)).Select(command => command.GetType().Name));
    }

    /// <summary>Each pause of a namespace is put back by itself: a plan of the command resumed them all.</summary>
    [Fact]
    public async Task The_resume_of_a_namespace_is_planned_on_one_card_and_nothing_is_resumed()
    {
        var world = await NamespaceAsync();

        var card = await PlanAsync(world, "alice", "gitops", "plan resume ns:shop");

        Assert.Equal(2, Paragraphs(card).Count(text => text.EndsWith("/spec/syncPolicy/automated goes back to " + ModelApplication.Before, StringComparison.Ordinal)));
        Assert.Contains("alice ends the pause of shop-b: resumed by hand", Words(card), StringComparison.Ordinal);
        Assert.All(world.Records.AllLeases, lease => Assert.Equal(LeaseState.Active, lease.State));
        Assert.All(world.Cluster.All, application => Assert.True(application.IsOff));
    }

    [Fact]
    public async Task It_shows_what_would_be_overwritten_and_offers_no_button_that_does_it()
    {
        var world = await NamespaceAsync();
        world.View.Drifts = [new("ConfigMap", "shop", "config", [new("/data/MODE", "slow", "fast", DriftClass.Changed, "kubectl-edit", Some.Now)])];
        await world.WorkAsync();

        var card = await PlanAsync(world, "alice", "gitops", "plan resume ns:shop");

        Assert.Equal(2, Paragraphs(card).Count(text => text.Contains("would not be resumed yet", StringComparison.Ordinal)));
        Assert.Equal(2, card.Parts.OfType<Part.Verbatim>().Count(part => part.Value.StartsWith("ConfigMap/config in shop /data/MODE: Git slow | live fast", StringComparison.Ordinal)));
        Assert.DoesNotContain("goes back to", Words(card), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_another_incident_holds_on_is_not_said_to_be_let_loose()
    {
        var world = await NamespaceAsync();
        await world.SayAsync("bob", "incident", "declare \"payments are slow\" sev2 operator @alice apps shop-a");
        await world.PostAllAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 60m because payments need it too", await ThreadAsync(world, 2));
        await world.PressAsync("carol", ChoiceKind.Approve);
        await HoldsAsync(world);

        var card = await PlanAsync(world, "alice", "gitops", "plan resume ns:shop", await ThreadAsync(world, 1));

        Assert.Single(Paragraphs(card), text => text.StartsWith("shop-a stays paused", StringComparison.Ordinal));
        Assert.Contains("let go by hand, as incident 2 holds it on", Words(card), StringComparison.Ordinal);
        Assert.Single(Paragraphs(card), text => text.StartsWith("shop-b: /spec/syncPolicy/automated goes back to", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_a_namespace_it_says_which_would_be_refused()
    {
        var world = await NamespaceAsync();
        var same = (Planned: await PlanAsync(world, "eve", "gitops", "plan resume ns:shop"), Asked: await world.SayAsync("eve", "gitops", "resume ns:shop"));
        Assert.Equal(Words(same.Asked!), Words(same.Planned));

        world.Restart(policy =>
        {
            var end = policy.Rules.Single(rule => rule.Name == "end");
            end.Applications.Clear();
            end.Applications.Add("shop-a");
        });
        var card = await PlanAsync(world, "anna", "gitops", "plan resume ns:shop");

        Assert.Single(Paragraphs(card), text => text.StartsWith("shop-a: ", StringComparison.Ordinal) && text.Contains("goes back to", StringComparison.Ordinal));
        Assert.Single(Paragraphs(card), text => text.StartsWith("Refused", StringComparison.Ordinal) && text.Contains("shop-b: ", StringComparison.Ordinal) && !text.Contains("shop-a", StringComparison.Ordinal));
        Assert.DoesNotContain(Paragraphs(card), text => text.StartsWith("shop-b", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_being_resumed_is_not_planned_again_and_answered()
    {
        var world = await NamespaceAsync();
        await world.SayAsync("alice", "gitops", "resume ns:shop");

        Assert.Contains("is being resumed already", Words((await world.SayAsync("alice", "gitops", "plan resume ns:shop"))!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alice", "gitops", "plan done", "gave it back")]
    [InlineData("alice", "breakglass", "plan done {id}", "gave it back")]
    [InlineData("bob", "gitops", "plan revoke {id}", "revoked it")]
    [InlineData("bob", "breakglass", "plan revoke {id}", "revoked it")]
    public async Task The_end_of_access_is_planned_and_the_access_stays(string person, string program, string said, string notYet)
    {
        var world = await WithAccessAsync();
        var grants = world.Records.AllGrants.ToList();

        var card = await PlanAsync(world, person, program, said.Replace("{id}", grants[0].ShortId, StringComparison.Ordinal));

        Assert.All(grants, grant => Assert.Single(Paragraphs(card), text => text.StartsWith($"Grant {grant.ShortId} ends at once", StringComparison.Ordinal) && text.Contains("the access of alice to shop-a as editor", StringComparison.Ordinal)));
        Assert.All(world.Records.AllGrants, grant => Assert.Equal((GrantState.Active, null), (grant.State, grant.EndReason)));
        Assert.Equal(2, world.Access.Objects.Count);
        Assert.DoesNotContain(world.Records.Entries, entry => entry.Text.Contains(notYet, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_may_not_end_access_is_told_so_in_the_same_words()
    {
        var world = await WithAccessAsync();
        var id = world.Records.AllGrants.First().ShortId;

        var planned = await PlanAsync(world, "eve", "breakglass", $"plan revoke {id}");

        Assert.Equal(Words((await world.SayAsync("eve", "breakglass", $"revoke {id}"))!), Words(planned));
    }

    [Fact]
    public async Task An_extension_of_access_is_planned_where_an_id_is_said()
    {
        var world = await WithAccessAsync();

        var card = await PlanAsync(world, "alice", "breakglass", $"plan extend {world.Records.AllGrants.Last().ShortId} by 5m");

        Assert.StartsWith("Plan: Longer access as editor to shop-a", card.Title, StringComparison.Ordinal);
        Assert.Contains("It would wait for one approval by commander.", Paragraphs(card));
    }

    /// <summary>The answer, after which the books are as they were, and stay so when the workers have gone round.</summary>
    private static async Task<Card> PlanAsync(World world, string person, string program, string said, string? thread = null)
    {
        var (before, whispers) = (Books(world), world.Records.Outbox.Count(post => post.Post is Outgoing.Whisper));

        var card = await world.SayAsync(person, program, said, thread);

        Assert.Equal(before, Books(world));
        Assert.Equal(whispers + 1, world.Records.Outbox.Count(post => post.Post is Outgoing.Whisper));
        await world.WorkAsync();
        Assert.Equal(before, Books(world));
        Assert.DoesNotContain(card!.Parts, part => part is Part.Buttons);
        return card;
    }

    private static async Task<World> NamespaceAsync()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", "pause ns:shop for 30m because the rollback needs hands");
        await world.PressAsync("carol", ChoiceKind.Approve);
        await HoldsAsync(world);
        return world;
    }

    /// <summary>Stored, holding, and nothing left to tell.</summary>
    private static async Task HoldsAsync(World world)
    {
        await world.WorkAsync();
        world.ControllerAnswers();
        await world.WorkAsync();
        await world.WorkAsync();
    }

    /// <summary>Access of alice, and its extension.</summary>
    private static async Task<World> WithAccessAsync()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "breakglass", "request shop-a as editor for 30m because pods crashloop");
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.SayAsync("alice", "breakglass", $"extend {world.Records.AllGrants.Single().ShortId} by 10m");
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        await world.WorkAsync();
        Assert.Equal([GrantState.Active, GrantState.Active], world.Records.AllGrants.Select(grant => grant.State));
        return world;
    }

    private static async Task<string> ThreadAsync(World world, int incident) => (await world.Records.FindMessageAsync(MessageKey.Incident(incident), World.Room, default))!.Ref.Id;

    private static IEnumerable<string> Paragraphs(Card card) => card.Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString());

    private static string Words(Card card) => string.Join('\n', card.Parts.Select(part => part switch
    {
        Part.Paragraph(var text) => text.ToString(),
        Part.Footnote(var text) => text.ToString(),
        Part.Facts(var rows) => string.Join('\n', rows.Select(row => row.Value.ToString())),
        Part.Verbatim(var text) => text,
        _ => "",
    }));

    /// <summary>Everything but the private answer itself.</summary>
    private static string Books(World world) => string.Join('\n',
        [
            .. world.Records.AllOperations.Select(operation => $"{operation.Id} {operation.State} {operation.Version}"),
            .. world.Records.AllIncidents.Select(incident => $"{incident.Number} {incident.State} {incident.Version}"),
            .. world.Records.AllLeases.Select(lease => $"{lease.Id} {lease.State} {lease.Version}"),
            .. world.Records.AllGrants.Select(grant => $"{grant.Id} {grant.State} {grant.Version}"),
            .. world.All().SelectMany(access => access.Objects).Select(access => access.ToString()),
            .. world.Records.Entries.Select(entry => entry.Hash),
            .. world.Records.Choices.Select(choice => choice.Token),
            .. world.Records.Outbox.Where(post => post.Post is not Outgoing.Whisper).Select(post => $"{post.Id}"),
            .. world.Cluster.Effects.Select(effect => effect.ToString()),
        ]);
}
