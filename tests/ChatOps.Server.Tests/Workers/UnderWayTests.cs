using ChatOps.Server.Workers;

namespace ChatOps.Server.Tests.Workers;

public sealed class UnderWayTests
{
    private readonly UnderWay<string> underWay = new();

    [Fact]
    public async Task One_key_is_worked_on_once_at_a_time_and_others_are_not_held_up()
    {
        var slow = new TaskCompletionSource();
        var other = new TaskCompletionSource();

        Assert.True(underWay.TryBegin("dead cluster", () => slow.Task));
        Assert.False(underWay.TryBegin("dead cluster", () => throw new InvalidOperationException("begun twice")));
        Assert.True(underWay.TryBegin("good cluster", () =>
        {
            other.SetResult();
            return Task.CompletedTask;
        }));

        await other.Task;
        slow.SetResult();
        await underWay.AllAreDoneAsync();
        Assert.True(underWay.TryBegin("dead cluster", () => Task.CompletedTask));
    }

    [Fact]
    public async Task Work_that_ends_at_once_leaves_its_key_free()
    {
        for (var i = 0; i < 1000; i++)
        {
            Assert.True(underWay.TryBegin("lane", () => Task.CompletedTask));
            await underWay.AllAreDoneAsync();
        }

        Assert.Equal(0, underWay.Count);
    }

    // What had ended was forgotten between the look at the number and the wait, and the wait was then for another to end.
    [Fact]
    public async Task An_end_is_told_to_whoever_asked_before_it_and_its_key_is_free_by_then()
    {
        var quick = new TaskCompletionSource();
        var slow = new TaskCompletionSource();
        underWay.TryBegin("dead cluster", () => slow.Task);
        var before = underWay.EndedAsync();
        underWay.TryBegin("good cluster", () => quick.Task);
        Assert.False(before.IsCompleted);

        quick.SetResult();
        await before;

        Assert.Equal(["dead cluster"], underWay.Keys);
        Assert.False(underWay.EndedAsync().IsCompleted);
        slow.SetResult();
        await underWay.AllAreDoneAsync();
    }

    [Fact]
    public async Task Work_that_breaks_frees_its_key_too()
    {
        var ended = underWay.EndedAsync();
        underWay.TryBegin("lane", () => throw new InvalidOperationException("broke"));
        await ended;

        Assert.Equal(0, underWay.Count);
    }
}
