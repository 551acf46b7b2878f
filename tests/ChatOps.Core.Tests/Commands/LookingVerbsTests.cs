using ChatOps.Core.Commands;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Tests.Commands;

public sealed class LookingVerbsTests
{
    private static readonly ApplicationQuery Checkout = new(null, null, "checkout");

    public static TheoryData<string?, string, Command> Said => new()
    {
        { "gitops", "apps", new Command.ListApplications(null) },
        { "gitops", "apps check", new Command.ListApplications("check") },
        { "gitops", "status checkout", new Command.ShowApplication(Checkout) },
        { "gitops", "checkout status", new Command.ShowApplication(Checkout) },
        { null, "gitops status checkout", new Command.ShowApplication(Checkout) },
        { null, "status checkout", new Command.ShowApplication(Checkout) },
        { null, "status", new Command.ShowIncident(null) },
        { null, "status 7", new Command.ShowIncident(7) },
        { "incident", "status #7", new Command.ShowIncident(7) },
        { null, "apps", new Command.ListApplications(null) },
        { "gitops", "runbook rollback", new Command.ShowRunbook("rollback") },
        { "gitops", "runbook Rollback checkout", new Command.ShowRunbook("rollback", Checkout) },
        { "gitops", "runbook checkout rollback", new Command.ShowRunbook("rollback", Checkout) },
        { "gitops", "runbook sync suspension prod/argocd/checkout", new Command.ShowRunbook("sync-suspension", new("prod", "argocd", "checkout")) },
        { "gitops", "runbook a pause that does not end", new Command.ShowRunbook("a-pause-that-does-not-end") },
        { "gitops", "runbook roll back", new Command.ShowRunbook("roll-back") },
    };

    [Theory]
    [MemberData(nameof(Said))]
    public void A_word_that_two_programs_know_means_what_follows_it(string? program, string text, Command expected)
    {
        Assert.Null(CommandLine.Parse(program, text, null, default, out var command));
        Assert.Equal(expected, command);
    }

    [Fact]
    public void Applications_of_the_incident_are_still_added_after_a_mention()
    {
        Assert.Null(CommandLine.Parse(null, "apps add checkout", null, default, out var command));
        Assert.Equal([Checkout], Assert.IsType<Command.AddApplications>(command).Applications);
    }

    [Theory]
    [InlineData("gitops", "status")]
    [InlineData("gitops", "status not/a/good/name")]
    [InlineData("gitops", "status one two")]
    [InlineData("incident", "status checkout")]
    public void What_cannot_be_meant_is_asked_back_with_an_example(string program, string text)
    {
        var refusal = CommandLine.Parse(program, text, null, default, out _);

        Assert.NotEqual("", refusal!.Instead.ToString());
    }
}
