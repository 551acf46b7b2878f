using ChatOps.Core.Policy;

namespace ChatOps.Core.Tests.Policy;

public class GlobTests
{
    [Theory]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("a", "a", true)]
    [InlineData("a?", "a", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("*-prod", "shop-prod", true)]
    [InlineData("*-prod", "shop-prod-2", false)]
    [InlineData("s*p*d", "shop-prod", true)]
    [InlineData("a*b*c", "aXbYbZc", true)]
    [InlineData("**", "x", true)]
    [InlineData("a.c", "abc", false)]
    [InlineData("[ab]", "a", false)]
    public void Star_is_any_text_and_question_mark_one_character(string pattern, string value, bool expected) =>
        Assert.Equal(expected, Glob.Matches(pattern, value));

    [Fact]
    public void A_hostile_pattern_takes_no_time() =>
        Assert.False(Glob.Matches(string.Concat(Enumerable.Repeat("a*", 200)) + "b", new string('a', 5000)));
}
