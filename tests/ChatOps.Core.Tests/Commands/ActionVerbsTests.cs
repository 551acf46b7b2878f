using ChatOps.Core.Commands;

namespace ChatOps.Core.Tests.Commands;

public class ActionVerbsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_levels_of_a_sync_come_in_any_order()
    {
        var sync = Assert.IsType<Command.Sync>(Understood("sync prune only deployment/shop,configmap/shop checkout force at c0ffee because the hook hangs"));

        Assert.Equal(("checkout", "c0ffee", true, true, "the hook hangs"), (sync.Application.Name, sync.Revision, sync.Prune, sync.Force, sync.Reason));
        Assert.Equal(["deployment/shop", "configmap/shop"], sync.Only);
    }

    [Fact]
    public void A_plain_sync_asks_for_nothing_more() =>
        Assert.Equal(("checkout", null, false, false, 0), Understood("sync checkout") is Command.Sync sync ? (sync.Application.Name, sync.Revision, sync.Prune, sync.Force, sync.Only.Count) : default);

    [Theory]
    [InlineData("refresh checkout", false)]
    [InlineData("checkout refresh hard", true)]
    public void A_refresh_may_be_hard(string said, bool hard) => Assert.Equal(hard, Assert.IsType<Command.Refresh>(Understood(said)).Hard);

    [Theory]
    [InlineData("sync", "Which application")]
    [InlineData("sync checkout at", "At which commit")]
    [InlineData("sync checkout only shop", "Only what")]
    [InlineData("sync checkout prunne", "prune")]
    [InlineData("refresh checkout prune", "prune")]
    [InlineData("abort checkout", "terminate")]
    public void What_is_not_understood_is_answered_with_what_to_write(string said, string answer)
    {
        var refusal = CommandLine.Parse("gitops", said, null, Now, out _);

        Assert.Contains(answer, $"{refusal!.Why} {refusal.Instead}", StringComparison.Ordinal);
    }

    private static Command Understood(string said)
    {
        Assert.Null(CommandLine.Parse("gitops", said, null, Now, out var command));
        return command;
    }
}
