using ChatOps.Core.Evidence;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Evidence;

public sealed class GrantUseTests
{
    private static readonly GrantUse Nothing = new() { Grant = Guid.Empty, Incident = 1 };
    private static readonly AuditNotice Patch = SomeEvent.Patch(Some.Now);

    [Fact]
    public void A_batch_that_is_brought_again_changes_nothing()
    {
        var once = Nothing.Hear(Patch, DeedKind.Change);

        Assert.Equal(1, once.Changes);
        Assert.Same(once, once.Hear(Patch, DeedKind.Change));
    }

    [Fact]
    public void The_same_change_again_is_counted_and_another_one_is_another()
    {
        var use = Nothing.Hear(Patch, DeedKind.Change).Hear(SomeEvent.Patch(Some.Now.AddMinutes(5)), DeedKind.Change).Hear(SomeEvent.Patch(Some.Now, field: "/spec/replicas = 0"), DeedKind.Change);

        Assert.Equal([2, 1], use.Deeds.Select(deed => deed.Times));
        Assert.Equal((Some.Now, Some.Now.AddMinutes(5)), (use.Deeds[0].FirstAt, use.Deeds[0].LastAt));
    }

    [Fact]
    public void What_was_done_first_stands_first_although_its_batch_was_lost_and_came_again_after_others()
    {
        var use = Nothing.Hear(SomeEvent.Patch(Some.Now.AddSeconds(2), name: "second"), DeedKind.Change).Hear(SomeEvent.Exec(Some.Now.AddSeconds(3)), DeedKind.Stream).Hear(SomeEvent.Patch(Some.Now, name: "first"), DeedKind.Lasting);

        Assert.Equal(["first", "second", "checkout-1"], use.Own.Select(deed => deed.Target.Name));
    }

    [Fact]
    public void A_flood_is_bounded_counted_and_hides_nothing_of_another_kind()
    {
        var use = Nothing;
        for (var one = 0; one < 5000; one++)
        {
            use = use.Hear(SomeEvent.Patch(Some.Now, name: $"d{one}"), DeedKind.Change);
        }

        use = use.Hear(SomeEvent.Exec(Some.Now), DeedKind.Stream).Hear(SomeEvent.Create(Some.Now, "", "secrets", "s"), DeedKind.Lasting);

        Assert.Equal(42, use.Deeds.Count);
        Assert.Equal(5001, use.Changes);
        Assert.Equal(4960, use.LeftOut[DeedKind.Change]);
        Assert.Equal(2000, use.Remembered.Count);
        Assert.Single(use.OfKind(DeedKind.Stream));
        Assert.Single(use.OfKind(DeedKind.Lasting));
    }

    [Fact]
    public void A_stream_is_open_until_the_API_server_says_otherwise_in_whatever_order_that_comes()
    {
        var began = SomeEvent.Exec(Some.Now);
        var closed = SomeEvent.Closed(began, Some.Now.AddMinutes(9));

        Assert.True(Assert.Single(Nothing.Hear(began, DeedKind.Stream).Deeds).IsOpen);
        Assert.Equal(Some.Now.AddMinutes(9), Assert.Single(Nothing.Hear(began, DeedKind.Stream).Hear(closed, DeedKind.Stream).Deeds).ClosedAt);
        Assert.Equal(Some.Now.AddMinutes(9), Assert.Single(Nothing.Hear(closed, DeedKind.Stream).Hear(began, DeedKind.Stream).Deeds).ClosedAt);
        Assert.Equal(2, Nothing.Hear(began, DeedKind.Stream).Hear(SomeEvent.Exec(Some.Now), DeedKind.Stream).Count(DeedKind.Stream));
    }

    [Fact]
    public void Streams_beyond_the_room_for_them_are_counted_once_each()
    {
        var use = Nothing;
        for (var one = 0; one < 50; one++)
        {
            var began = SomeEvent.Exec(Some.Now);
            use = use.Hear(began, DeedKind.Stream).Hear(SomeEvent.Closed(began, Some.Now), DeedKind.Stream);
        }

        Assert.Equal(50, use.Count(DeedKind.Stream));
    }
}
