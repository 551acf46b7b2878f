using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;

namespace ChatOps.Core.Tests.Commands;

public class HelpTests
{
    [Fact]
    public void Every_verb_is_in_the_card_in_the_table_and_in_the_hint()
    {
        var card = string.Join('\n', Help.Card(null).Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString()));

        Assert.All(Verb.All, verb =>
        {
            Assert.Contains(verb.Line, card, StringComparison.Ordinal);
            Assert.Contains(verb.Does, Help.CommandTable, StringComparison.Ordinal);
            Assert.Contains(verb.Name, Help.UsageHint(verb.Program).Split(" | "));
        });
        Assert.DoesNotContain("pause", Help.UsageHint(Verb.Incident), StringComparison.Ordinal);
    }

    [Fact]
    public void Bars_do_not_break_the_table() =>
        Assert.All(Help.CommandTable.TrimEnd().Split('\n'), row => Assert.Equal(3, row.Replace("\\|", "", StringComparison.Ordinal).Count(character => character == '|')));

    [Theory]
    [InlineData("pause", "/gitops pause <app|ns:[cluster/]name> [only kind/name …] for <time> because <reason>")]
    [InlineData("nonsense", "What you can say")]
    public void One_verb_or_all(string verb, string title) => Assert.Equal(title, Help.Card(verb).Title);

    [Fact]
    public void Names_of_verbs_are_unique_in_their_program_and_lower_case()
    {
        Assert.Equal(Verb.All.Count, Verb.All.Select(verb => (verb.Program, verb.Name)).Distinct().Count());
        Assert.All(Verb.All, verb => Assert.Equal(verb.Name.ToLowerInvariant(), verb.Name));
    }
}
