using ChatOps.Core.Commands;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Tests.Commands;

public class IncidentVerbsTests
{
    [Theory]
    [InlineData("declare \"Checkout 500s\" sev1 apps checkout")]
    [InlineData("declare “Checkout 500s” apps checkout sev1")]
    [InlineData("declare Checkout 500s sev1 apps checkout")]
    [InlineData("declare sev 1 Checkout 500s apps checkout")]
    [InlineData("declare apps checkout, checkout SEV1 'Checkout 500s'")]
    public void Declare_takes_its_clauses_in_any_order(string text)
    {
        var declare = Assert.IsType<Command.Declare>(Understood(text));

        Assert.Equal(("Checkout 500s", Severity.Sev1, null, null), (declare.Title, declare.Severity, declare.Operator, declare.Commander));
        Assert.Equal([new ApplicationQuery(null, null, "checkout")], declare.Applications);
    }

    [Fact]
    public void Declare_with_everything()
    {
        var declare = Assert.IsType<Command.Declare>(Understood("declare \"It's down\" sev2 operator @U1 commander bob apps a,b eu/shop/c"));

        Assert.Equal(("It's down", Severity.Sev2, new PersonMention("U1"), new PersonMention("bob")), (declare.Title, declare.Severity, declare.Operator, declare.Commander));
        Assert.Equal(["a", "b", "eu/shop/c"], declare.Applications.Select(application => application.ToString()));
    }

    [Theory]
    [InlineData("declare the operator cannot log in", "the operator cannot log in")]
    [InlineData("declare Everything is slow: 500s, time-outs", "Everything is slow: 500s, time-outs")]
    [InlineData("declare 障害 🔥", "障害 🔥")]
    public void A_title_without_quotes_keeps_its_words(string text, string title) =>
        Assert.Equal(title, Assert.IsType<Command.Declare>(Understood(text)).Title);

    [Theory]
    [InlineData("declare")]
    [InlineData("declare sev1")]
    [InlineData("declare \"\"")]
    [InlineData("declare \"Checkout\" sev5")]
    [InlineData("declare \"Checkout\" sev1 sev2")]
    [InlineData("declare \"Checkout\" operator @a operator @b")]
    [InlineData("declare \"Checkout\" \"Frontend\"")]
    [InlineData("declare \"Checkout\" apps check_out")]
    [InlineData("declare Checkout sev1 is broken")]
    [InlineData("status checkout")]
    [InlineData("status 0")]
    [InlineData("note")]
    [InlineData("note   ")]
    [InlineData("apps checkout")]
    [InlineData("operator")]
    [InlineData("operator @a @b")]
    [InlineData("severity")]
    public void What_is_not_clear_is_asked_back(string text) =>
        Assert.NotNull(CommandLine.Parse("incident", text, null, DateTimeOffset.UnixEpoch, out _));

    [Fact]
    public void The_other_verbs()
    {
        Assert.Equal(new Command.ShowIncident(null), Understood("status"));
        Assert.Equal(new Command.ShowIncident(7), Understood("status #7"));
        Assert.Equal(new Command.ShowTimeline(12), Understood("timeline 12"));
        Assert.Equal(new Command.AddNote("customers see \"500\" again; for 5 minutes"), Understood("note customers see \"500\" again; for 5 minutes"));
        Assert.Equal(new Command.AddNote("all quoted"), Understood("note “all quoted”"));
        Assert.Equal(["a", "b", "c"], Assert.IsType<Command.AddApplications>(Understood("apps add a,b c")).Applications.Select(application => application.Name));
        Assert.Equal(["a"], Assert.IsType<Command.RemoveApplications>(Understood("apps remove a")).Applications.Select(application => application.Name));
        Assert.Equal(new Command.ChangeSeverity(Severity.Sev2), Understood("severity sev2"));
        Assert.Equal(new Command.ChangeSeverity(Severity.Sev3), Understood("severity 3"));
        Assert.Equal(new Command.ChangeOperator(new("alice")), Understood("operator @alice"));
        Assert.Equal(new Command.ChangeCommander(new("U9")), Understood("commander @U9"));
        Assert.IsType<Command.Mitigated>(Understood("mitigated"));
        Assert.IsType<Command.Close>(Understood("close"));
        Assert.Equal(new Command.Reopen(null), Understood("reopen"));
        Assert.Equal(new Command.Reopen(7), Understood("reopen 7"));
    }

    private static Command Understood(string text)
    {
        var refusal = CommandLine.Parse("incident", text, null, DateTimeOffset.UnixEpoch, out var command);
        Assert.True(refusal is null, $"{text}: {refusal?.Why} {refusal?.Instead}");
        return command;
    }
}
