using ChatOps.Core.Commands;

namespace ChatOps.Core.Tests.Commands;

public class BranchVerbTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("branch checkout fix/x for 1h because of it", "fix/x")]
    [InlineData("branch checkout for 1h fix/x because of it", "fix/x")]
    [InlineData("branch checkout refs/heads/fix/x-1 for 1h because of it", "fix/x-1")]
    [InlineData("branch argocd/checkout hotfix#42 because of it for 1h", "hotfix#42")]
    [InlineData("checkout branch fix/x for 1h because of it", "fix/x")]
    public void It_is_understood_in_any_sensible_order(string said, string branch)
    {
        Assert.Null(CommandLine.Parse("gitops", said, null, Now, out var command));

        var parsed = Assert.IsType<Command.Branch>(command);
        Assert.Equal(("checkout", branch, TimeSpan.FromHours(1), "of it"), (parsed.Application.Name, parsed.Name, parsed.Duration.For, parsed.Reason));
    }

    [Theory]
    [InlineData("branch checkout fix/x follow for 1h because of it", "fix/x", true)]
    [InlineData("branch checkout fix/x for 1h follow because of it", "fix/x", true)]
    [InlineData("branch checkout follow fix/x for 1h because of it", "fix/x", true)]
    [InlineData("branch checkout follow for 1h because of it", "follow", false)]
    [InlineData("branch checkout follow follow for 1h because of it", "follow", true)]
    [InlineData("branch checkout fix/x for 1h because we follow it", "fix/x", false)]
    public void Following_is_said_with_a_word_of_its_own(string said, string branch, bool follow)
    {
        Assert.Null(CommandLine.Parse("gitops", said, null, Now, out var command));

        var parsed = Assert.IsType<Command.Branch>(command);
        Assert.Equal((branch, follow), (parsed.Name, parsed.Follow));
    }

    [Theory]
    [InlineData("branch", "Which application")]
    [InlineData("branch checkout for 1h because of it", "Which branch")]
    [InlineData("branch checkout fix because of it", "How long")]
    [InlineData("branch checkout fix for 1h", "Why shall")]
    [InlineData("branch checkout fix folow for 1h because of it", "folow")]
    [InlineData("branch checkout fix..x for 1h because of it", "no name that a branch can have")]
    [InlineData("branch checkout --upload-pack=x for 1h because of it", "no name that a branch can have")]
    [InlineData("branch checkout fix.lock for 1h because of it", "no name that a branch can have")]
    [InlineData("restore", "Which application")]
    [InlineData("restore checkout because it is merged", "needs no reason")]
    public void What_is_missing_is_asked_for(string said, string words) =>
        Assert.Contains(words, CommandLine.Parse("gitops", said, null, Now, out _)?.Why.ToString() ?? "", StringComparison.Ordinal);
}
