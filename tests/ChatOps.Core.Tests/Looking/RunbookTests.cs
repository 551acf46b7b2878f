using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Looking;
using ChatOps.Core.Operations;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Looking;

public sealed class RunbookTests
{
    [Fact]
    public void The_runbooks_that_people_are_promised_are_built_in() =>
        Assert.Superset(new HashSet<string> { "rollback", "sync-suspension", "forced-reconciliation", "fix-branch", "break-glass" }, Runbook.All.Select(runbook => runbook.Name).ToHashSet());

    [Fact]
    public void Every_command_of_ours_in_every_runbook_is_understood()
    {
        var ours = Runbook.All.SelectMany(runbook => runbook.Commands.Where(command => command.StartsWith('/')).Select(command => (runbook.Name, command))).ToList();

        Assert.True(ours.Count > 20, "the runbooks name hardly any command of ours: are they read at all?");
        Assert.DoesNotContain(ours, one => NotUnderstood(one.command));
        Assert.True(NotUnderstood("/gitops freeze checkout"));
        Assert.True(NotUnderstood("/gitops pause checkout for 45m"));
    }

    [Fact]
    public void Whatever_looks_like_a_command_is_one_of_a_program_that_is_checked() =>
        Assert.DoesNotContain(Runbook.All.SelectMany(runbook => runbook.Commands), command => command.Contains(' ', StringComparison.Ordinal) && !Checked.Any(program => command.StartsWith(program, StringComparison.Ordinal)));

    /// <summary>No argocd is here to be asked: what its command line knows, as of 3.x, of what we name.</summary>
    [Fact]
    public void Argo_CDs_own_commands_are_of_the_forms_that_it_has()
    {
        string[] forms =
        [
            "argocd app history checkout", "argocd app rollback checkout 1", "argocd app sync checkout", "argocd app sync checkout --revision 1",
            "argocd app get checkout --hard-refresh", "argocd proj windows list 1", "argocd account can-i sync applications 1/checkout",
            "argocd proj role list 1", "argocd proj role delete 1 1",
        ];

        Assert.Empty(Runbook.All.SelectMany(runbook => runbook.Commands).Where(command => command.StartsWith("argocd ", StringComparison.Ordinal)).Select(Filled).Except(forms));
    }

    [Fact]
    public async Task In_the_thread_the_application_is_filled_in_and_a_button_says_the_command_as_who_presses()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "incident", "apps remove shop-b");
        await world.PostAllAsync();
        var root = await world.Records.FindMessageAsync(MessageKey.Incident(1), null, default);

        await world.SayAsync("alice", "gitops", "runbook sync suspension", root!.Ref.Id);
        var card = Assert.IsType<Outgoing.Say>(world.Records.Outbox[^1].Post).Card;
        await world.PostAllAsync();
        var status = world.Records.Choices.First(choice => choice.Says == "/gitops status shop-a");
        var told = await world.PressAsync("bob", status);

        Assert.Contains(card.Parts, part => part is Part.Paragraph(var text) && text.ToString().Contains("/gitops diff shop-a", StringComparison.Ordinal));
        Assert.StartsWith("shop-a:", told!.Title, StringComparison.Ordinal);
        Assert.All(card.Parts.OfType<Part.Buttons>().SelectMany(row => row.Row), button => Assert.DoesNotContain('<', button.Label));
        Assert.NotNull(card.Parts.OfType<Part.Buttons>().Single().Row.Single(button => button.Label.StartsWith("/gitops resume", StringComparison.Ordinal)).Confirm);
    }

    [Fact]
    public async Task Asked_with_a_slash_command_it_is_in_the_thread_with_its_buttons_and_readable_in_private()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "incident", "apps remove shop-b");

        var told = await world.SayAsync("alice", "gitops", "runbook rollback");

        var card = InThread(world);
        Assert.Equal((card.Title, "Roll back a release"), (told!.Title, card.Title));
        Assert.Empty(told.Parts.OfType<Part.Buttons>());
        Assert.Contains("All of it is in the thread of incident 1 (checkout is down). What is mine are buttons there.", Words(told), StringComparison.Ordinal);
        Assert.Contains("Asked by @U-alice: /gitops runbook rollback", Words(card), StringComparison.Ordinal);
        Assert.Equal(
            ["/gitops status shop-a", "/gitops diff shop-a", "/incident note …", "/gitops plan rollback shop-a because …", "/gitops rollback shop-a because …", "/incident mitigated", "/gitops refresh shop-a", "/gitops resume shop-a"],
            Labels(card));
    }

    /// <summary>The one step that a runbook is named for is no less a button than the others: it asks why, and says that.</summary>
    [Fact]
    public async Task The_step_that_needs_a_reason_asks_for_it_and_says_the_command_as_who_answers()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", "runbook sync suspension shop-b");
        await world.PostAllAsync();

        Assert.Null(await world.PressAsync("anna", world.Records.Choices.Single(choice => choice.Says == "/gitops pause shop-b for 45m because <why>")));
        Assert.Empty(world.Records.AllOperations);
        Assert.Contains("Why? was not answered, so nothing was said", Words((await world.AnswerAsync("anna", ("why", "  ")))!), StringComparison.Ordinal);
        Assert.Empty(world.Records.AllOperations);
        Assert.Null(await world.AnswerAsync("anna", ("why", "the rollback <why> needs for 9h @hands")));

        var asked = world.OnlyOperation();
        Assert.Equal(("shop-b", "anna", TimeSpan.FromMinutes(45), "the rollback <why> needs for 9h @hands"), (asked.Plan.Target.Name, asked.RequestedBy, asked.Duration, asked.Reason));
        Assert.Equal(OperationState.AwaitingApproval, asked.State);
        Assert.Equal(["Why?"], world.Chat.Dialogs[^1].Dialog.Questions.Select(question => question.Label));
    }

    [Fact]
    public async Task Whatever_a_step_leaves_open_is_asked_in_the_order_in_which_it_stands()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", "runbook fix branch shop-b");
        await world.PostAllAsync();

        await world.PressAsync("alice", world.Records.Choices.Single(choice => choice.Says == "/gitops branch shop-b <branch> for 1h because <why>"));
        await world.PostAllAsync();

        Assert.Equal(["Which branch?", "Why?"], world.Chat.Dialogs[^1].Dialog.Questions.Select(question => question.Label));
    }

    [Fact]
    public async Task Of_several_applications_in_scope_it_asks_which_one_and_the_press_fills_it_in()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", "runbook rollback");
        var asks = InThread(world);
        await world.PostAllAsync();

        await world.PressAsync("anna", world.Records.Choices.Single(choice => choice.Says == "/gitops runbook rollback shop-b"));

        Assert.Contains("Which application is it for?", Words(asks), StringComparison.Ordinal);
        Assert.Equal(["shop-a", "shop-b"], Labels(asks));
        Assert.Contains("/gitops rollback shop-b because …", Labels(InThread(world)));
        Assert.DoesNotContain("<app>", Words(InThread(world)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Namesakes_are_told_apart_where_only_we_know_the_difference()
    {
        var runbook = Runbook.Parse("some", "# Some\n\nSay `/gitops status <app>` or `kubectl get application <app>`, of <app>.").For(new("prod", "argocd", "checkout"));

        Assert.Equal("Say `/gitops status prod/argocd/checkout` or `kubectl get application checkout`, of checkout.", Assert.Single(runbook.Paragraphs));
        var world = await World.WithIncidentAsync();
        Assert.Contains("no application", Words((await world.SayAsync("alice", "gitops", "runbook rollback shop-q"))!), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("runbook", "Runbooks")]
    [InlineData("runbook rollback", "Roll back a release")]
    public async Task Outside_an_incident_it_is_read_privately(string said, string title)
    {
        var world = new World();

        Assert.Equal(title, (await world.SayAsync("alice", "gitops", said))!.Title);
    }

    [Fact]
    public async Task A_name_that_is_not_there_is_asked_back()
    {
        var card = await new World().SayAsync("alice", "gitops", "runbook roll-back");

        Assert.Contains("Did you mean rollback?", string.Join('\n', card!.Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString())), StringComparison.Ordinal);
    }

    private static Card InThread(World world) =>
        world.Records.Outbox.Select(post => post.Post).OfType<Outgoing.Say>().Last(say => say.Key.Value.EndsWith("/runbook", StringComparison.Ordinal)).Card;

    private static IEnumerable<string> Labels(Card card) => card.Parts.OfType<Part.Buttons>().SelectMany(row => row.Row).Select(button => button.Label);

    private static string Words(Card card) => string.Join('\n', card.Parts.Select(part => part switch { Part.Paragraph(var text) => text.ToString(), Part.Footnote(var text) => text.ToString(), _ => "" }));

    private static readonly string[] Checked = ["/", "kubectl ", "argocd ", "ChatOps.Server "];

    private static bool NotUnderstood(string command) => CommandLine.Parse(null, Filled(command), null, default, out _) is not null;

    private static string Filled(string command) => command
        .Replace("<app>", "checkout", StringComparison.Ordinal)
        .Replace("<kind/name>", "deployment/web", StringComparison.Ordinal)
        .Replace("<why>", "the reason", StringComparison.Ordinal)
        .Replace("<branch>", "fix/payment-config", StringComparison.Ordinal)
        .Replace("<text>", "some text", StringComparison.Ordinal)
        .Replace("<grant>", "1a2b3c4d", StringComparison.Ordinal)
        .Replace("<id>", "1", StringComparison.Ordinal)
        .Replace("<project>", "1", StringComparison.Ordinal)
        .Replace("<role>", "1", StringComparison.Ordinal)
        .Replace("<commit>", "c0ffee", StringComparison.Ordinal)
        .Replace("<revision>", "1", StringComparison.Ordinal);
}
