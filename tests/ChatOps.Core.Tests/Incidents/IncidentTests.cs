using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Operations;
using ChatOps.Core.Records;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Incidents;

public class IncidentTests
{
    [Fact]
    public async Task Two_that_are_declared_in_the_same_moment_get_two_numbers()
    {
        var world = new World();
        var first = true;
        world.Records.BeforeCommit = async _ =>
        {
            if (first)
            {
                first = false;
                await world.SayAsync("alice", "incident", "declare \"search is slow\"");
            }
        };

        await world.SayAsync("bob", "incident", "declare \"checkout is down\"");

        Assert.Equal([1, 2], world.Records.AllIncidents.Select(incident => incident.Number).Order());
    }

    [Fact]
    public async Task A_declaration_that_names_an_unknown_application_or_person_declares_nothing()
    {
        var world = new World();

        Assert.Equal(RefusalKind.NotFound.Title(), (await world.SayAsync("bob", "incident", "declare \"x is down\" apps nothing"))?.Title);
        var unknown = await world.SayAsync("bob", "incident", "declare \"x is down\" operator @mallory");
        Assert.Equal(RefusalKind.NotFound.Title(), unknown?.Title); // it is bob who reads the title, and he is known
        Assert.Contains("@mallory", Told(unknown), StringComparison.Ordinal);
        Assert.Empty(world.Records.AllIncidents);
    }

    [Theory]
    [InlineData("shpo-a", "Did you mean shop-a?")]
    [InlineData("shop", "Did you mean shop-a, shop-b?")]
    [InlineData("mailer", "/gitops apps lists those there are.")]
    public async Task An_application_that_is_not_there_is_answered_with_what_may_be_meant_or_where_to_look(string typed, string answer)
    {
        var world = await World.WithIncidentAsync();

        Assert.Contains(answer, Told(await world.SayAsync("alice", "gitops", $"pause {typed} for 10m because it is mistyped")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Naming_somebody_gives_no_authority()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("bob", "incident", "commander @eve");
        await world.SayAsync("alice", "gitops", "pause shop-a for 30m because the rollback needs hands");

        var answer = await world.PressAsync("eve", ChoiceKind.Approve);

        Assert.Equal("eve", world.Records.AllIncidents.Single().Commander);
        Assert.Equal(RefusalKind.NotAllowed.Title(), answer?.Title);
    }

    [Fact]
    public async Task Which_one_is_meant_is_the_thread_s_else_the_one_with_the_application_else_it_is_asked()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("bob", "incident", "declare \"search is slow\" sev2 operator @anna");
        await world.PostAllAsync();
        var second = (await world.Records.FindMessageAsync(MessageKey.Incident(2), World.Room, default))!.Ref.Id;

        Assert.Equal(RefusalKind.Ambiguous.Title(), (await world.SayAsync("alice", "incident", "mitigated"))?.Title);
        await world.SayAsync("alice", "incident", "mitigated", thread: second);
        await world.SayAsync("alice", "gitops", "pause shop-a for 30m because the rollback needs hands");

        Assert.Equal(IncidentState.Mitigated, world.Records.AllIncidents.Single(incident => incident.Number == 2).State);
        Assert.Equal(1, world.OnlyOperation().Incident);
    }

    [Fact]
    public async Task What_reconciles_already_is_not_moved_back_by_the_word_that_it_is_mitigated()
    {
        var world = await World.WithPauseAsync();
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();
        Assert.Equal(IncidentState.Reconciling, world.Records.AllIncidents.Single().State);

        Assert.Null(await world.SayAsync("alice", "incident", "mitigated"));

        Assert.Equal(IncidentState.Reconciling, world.Records.AllIncidents.Single().State);
        Assert.Contains(world.Records.Entries, entry => entry.Text.Contains("mitigated", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_severity_that_it_has_is_answered_and_not_recorded()
    {
        var world = await World.WithIncidentAsync();
        var severity = world.Records.AllIncidents.Single().Severity.ToString().ToLowerInvariant();

        var told = await world.SayAsync("alice", "incident", $"severity {severity}");

        Assert.Equal(RefusalKind.AlreadyDecided.Title(), told?.Title);
        Assert.DoesNotContain(world.Records.Entries, entry => entry.Kind == TimelineKind.SeverityChanged);
    }

    [Fact]
    public async Task A_number_of_another_channel_s_incident_is_not_found_here()
    {
        var world = await World.WithIncidentAsync();

        var answer = await world.DeliverAsync("alice", new Said.Command("incident", "status 1"), new Place(World.Room with { Id = "C2" }, null));

        Assert.Equal(RefusalKind.NotFound.Title(), answer?.Title);
    }

    [Fact]
    public async Task In_the_channel_the_only_closed_one_is_reopened_and_of_several_the_one_with_the_number()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("bob", "incident", "close");
        Assert.Contains("/incident reopen 1", Told(await world.SayAsync("bob", "incident", "status")), StringComparison.Ordinal);

        Assert.Null(await world.SayAsync("bob", "incident", "reopen"));
        Assert.Equal(IncidentState.Open, world.Records.AllIncidents.Single().State);
        Assert.Equal(RefusalKind.NotFound.Title(), (await world.SayAsync("bob", "incident", "reopen"))?.Title);

        await world.SayAsync("bob", "incident", "close");
        await world.SayAsync("bob", "incident", "declare \"search is slow\"");
        await world.SayAsync("bob", "incident", "close");
        await world.SayAsync("bob", "incident", "declare \"mail is late\"");
        var asked = await world.SayAsync("bob", "incident", "reopen");
        Assert.Equal(RefusalKind.Ambiguous.Title(), asked?.Title);
        Assert.Contains("1 (checkout is down)", Told(asked), StringComparison.Ordinal);

        Assert.Null(await world.SayAsync("bob", "incident", "reopen 1"));
        Assert.Equal([1, 3], world.Records.AllIncidents.Where(incident => incident.IsOpen).Select(incident => incident.Number).Order());
    }

    [Fact]
    public async Task It_does_not_close_over_a_pause_a_request_or_a_review()
    {
        var world = await World.WithPauseAsync();
        var paused = await world.SayAsync("bob", "incident", "close");
        Assert.Equal(RefusalKind.StillOpen.Title(), paused?.Title);

        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();
        await world.SayAsync("alice", "gitops", "pause shop-b for 30m because the rollback needs hands");
        Assert.Equal(RefusalKind.StillOpen.Title(), (await world.SayAsync("bob", "incident", "close"))?.Title);

        await world.PressAsync("alice", ChoiceKind.Withdraw);
        Assert.Null(await world.SayAsync("bob", "incident", "close"));
        Assert.Equal(IncidentState.Closed, world.Records.AllIncidents.Single().State);
    }

    [Fact]
    public async Task What_was_approved_alone_is_reviewed_before_it_closes()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 20m because nobody answers");
        await world.PostAllAsync();
        world.Time.Advance(TimeSpan.FromMinutes(15));
        await world.WorkAsync();
        await world.PressAsync("alice", ChoiceKind.SelfApprove);
        await world.AnswerAsync("alice", ("reason", "customers cannot pay"));
        await world.WorkAsync();
        Assert.Single(world.Cluster.Effects);
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();

        Assert.Equal(RefusalKind.StillOpen.Title(), (await world.SayAsync("bob", "incident", "close"))?.Title);
        Assert.Equal(RefusalKind.OwnRequest.Title(), (await world.PressAsync("alice", ChoiceKind.CloseReview))?.Title);
        Assert.Equal(RefusalKind.NotAllowed.Title(), (await world.PressAsync("anna", ChoiceKind.CloseReview))?.Title);
        Assert.Null(await world.PressAsync("carol", ChoiceKind.CloseReview));
        Assert.Null(await world.SayAsync("bob", "incident", "close"));
    }

    [Fact]
    public async Task Nobody_approves_alone_before_an_approver_was_reached_and_silent_for_long_enough()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 20m because nobody answers");
        await world.PostAllAsync();
        world.Time.Advance(TimeSpan.FromMinutes(14));
        await world.WorkAsync();

        Assert.DoesNotContain(world.Records.Choices, choice => choice.Kind == ChoiceKind.SelfApprove);
        var forged = await world.OfferAloneAsync();
        Assert.Equal(RefusalKind.NotAllowed.Title(), (await world.PressAsync("alice", forged))?.Title);
        Assert.Equal(RefusalKind.NotAllowed.Title(), (await world.PressAsync("anna", forged))?.Title);
        Assert.Equal(OperationState.AwaitingApproval, world.OnlyOperation().State);
    }

    /// <summary>The request went on, and paused what was not in scope any more.</summary>
    [Fact]
    public async Task An_application_with_a_request_on_its_way_stays_in_scope()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 20m because the rollback needs hands");

        Assert.Equal(RefusalKind.StillOpen.Title(), (await world.SayAsync("bob", "incident", "apps remove shop-a"))?.Title);
        Assert.Null(await world.SayAsync("bob", "incident", "apps remove shop-b"));
        Assert.Equal("shop-a", Assert.Single(world.Records.AllIncidents.Single().Scope).Name);
    }

    [Fact]
    public async Task When_somebody_was_faster_it_is_read_and_decided_again()
    {
        var world = await World.WithIncidentAsync();
        var first = true;
        world.Records.BeforeCommit = async _ =>
        {
            if (first)
            {
                first = false;
                await world.SayAsync("carol", "incident", "note second thoughts");
            }
        };

        await world.SayAsync("bob", "incident", "note first thoughts");

        var notes = world.Records.Entries.Where(entry => entry.Kind == TimelineKind.Note).ToList();
        Assert.Equal(["second", "first"], notes.Select(note => note.Text.Split(' ')[1]));
        var incident = world.Records.AllIncidents.Single();
        Assert.Empty(Chain.Faults(1, await world.Records.TimelineAsync(1, default), incident.Entries, incident.Head));
    }

    [Fact]
    public async Task A_file_that_is_out_of_date_stores_nothing_of_what_it_holds()
    {
        var world = await World.WithIncidentAsync();
        var old = (await world.Files.OpenAsync(1, default))!;
        await world.SayAsync("bob", "incident", "note somebody was faster");
        var entries = world.Records.Entries.Count;
        old.Tell(TimelineKind.Note, "alice", _ => "late");

        await Assert.ThrowsAsync<StaleRecordException>(() => world.Files.PutBackAsync(old, null, default));

        Assert.Equal(entries, world.Records.Entries.Count);
    }

    [Fact]
    public async Task Status_and_timeline_are_private_answers_with_a_link_to_the_record()
    {
        var world = await World.WithIncidentAsync();
        var entries = world.Records.Entries.Count;

        foreach (var text in new[] { "status", "timeline", "status 1" })
        {
            var card = await world.SayAsync("eve", "incident", text);
            Assert.Contains(card!.Parts.OfType<Part.Paragraph>().SelectMany(part => part.Text.Runs), run => run is Run.Link);
        }

        Assert.Equal(entries, world.Records.Entries.Count);
    }

    [Fact]
    public async Task A_timeline_in_chat_holds_no_whole_files_and_says_where_they_are()
    {
        var world = await World.WithIncidentAsync();
        var file = (await world.Files.OpenAsync(1, default))!;
        file.Record(TimelineKind.HandChanged, "kubectl", Text.Of($"{new string('x', 70_000)}"));
        await world.Files.PutBackAsync(file, null, default);

        var told = Told(await world.SayAsync("eve", "incident", "timeline"));

        Assert.Contains("(whole on the record page)", told, StringComparison.Ordinal);
        Assert.InRange(told.Count(character => character == 'x'), 900, 1100);
    }

    private static string Told(Card? card) => string.Join('\n', card!.Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString()));
}
