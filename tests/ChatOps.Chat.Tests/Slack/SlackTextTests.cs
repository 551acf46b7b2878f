using ChatOps.Chat.Slack.Receiving;

namespace ChatOps.Chat.Tests.Slack;

public sealed class SlackTextTests
{
    [Theory]
    [InlineData("<@UBOT> pause checkout", "pause checkout")]
    [InlineData("pause <@UBOT|chatops> checkout", "pause checkout")]
    [InlineData("own checkout <@U123|bob>", "own checkout @U123")]
    [InlineData("own checkout <@W123>", "own checkout @W123")]
    [InlineData("ask <!subteam^S12|@oncall> in <#C1|ops>", "ask @S12 in #C1")]
    [InlineData("note <!here> look", "note @here look")]
    [InlineData("because 5 &lt; 6 &amp;&amp; 7 &gt; 6", "because 5 < 6 && 7 > 6")]
    [InlineData("because &amp;lt;", "because &lt;")]
    [InlineData("&lt;@U9&gt; is typed, not mentioned", "<@U9> is typed, not mentioned")]
    [InlineData("declare \u201cCheckout 500s\u201d \u2014 now", "declare \"Checkout 500s\" -- now")]
    [InlineData("it\u2019s 10\u201312", "it's 10-12")]
    [InlineData("pause\u00a0checkout\u202ffor\n45m ", "pause checkout for 45m")]
    [InlineData("che\u200bck\u202eout", "checkout")]
    [InlineData("note <https://x.example/a|x.example/a> and <https://y.example>", "note x.example/a and https://y.example")]
    [InlineData("<>", "")]
    [InlineData("a <b", "a <b")]
    public void What_was_typed_comes_out(string received, string typed) =>
        Assert.Equal(typed, SlackText.ToCommand(received, new HashSet<string> { "UBOT" }));
}
