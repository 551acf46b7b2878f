using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Looking;
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

    private static readonly string[] Checked = ["/", "kubectl ", "argocd ", "ChatOps.Server "];

    private static bool NotUnderstood(string command) => CommandLine.Parse(null, Filled(command), null, default, out _) is not null;

    private static string Filled(string command) => command
        .Replace("<app>", "checkout", StringComparison.Ordinal)
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
