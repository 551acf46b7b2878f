using System.Net;
using ChatOps.Sandbox.ArgoCd;

namespace ChatOps.Sandbox.Tests.ArgoCd;

public sealed class PauseTests
{
    private const string Refresh = "argocd.argoproj.io/refresh";

    [Fact]
    public async Task A_hand_fix_is_reverted_within_a_second()
    {
        await using var world = await World.StartAsync();
        Assert.Equal("Synced", world.App()["status"]!["sync"]!["status"]!.GetValue<string>());

        await world.Shop.HandFixAsync(CancellationToken.None);
        Assert.True(world.Shop.CheckoutWorks);

        await world.PassAsync(TimeSpan.FromSeconds(1));
        Assert.False(world.Shop.CheckoutWorks);
        Assert.Equal(1, world.App()["status"]!["operationState"]!["operation"]!["sync"]!["autoHealAttemptsCount"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_pause_that_was_seen_holds_for_hours()
    {
        await using var world = await World.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await world.PauseAsync()).Status);
        await world.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Null(world.App()["metadata"]!["annotations"]?[Refresh]);

        await world.Shop.HandFixAsync(CancellationToken.None);
        await world.PassAsync(TimeSpan.FromHours(3));
        Assert.True(world.Shop.CheckoutWorks);
        Assert.Equal("OutOfSync", world.App()["status"]!["sync"]!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_sync_decided_before_the_pause_starts_after_it_and_the_fence_shows_when_it_is_over()
    {
        await using var world = await World.StartAsync();
        var held = world.Shop.Argo.HoldNextSync();
        await world.Shop.HandFixAsync(CancellationToken.None);
        await world.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("checkout", await held.Decided);

        await world.PauseAsync();
        await world.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal("normal", world.App()["metadata"]!["annotations"]![Refresh]!.GetValue<string>());
        Assert.True(world.Shop.CheckoutWorks);

        held.Release();
        await world.PassAsync(TimeSpan.FromSeconds(2));
        Assert.False(world.Shop.CheckoutWorks);
        Assert.Null(world.App()["metadata"]!["annotations"]?[Refresh]);

        await world.Shop.HandFixAsync(CancellationToken.None);
        await world.PassAsync(TimeSpan.FromMinutes(10));
        Assert.True(world.Shop.CheckoutWorks);
    }

    [Fact]
    public async Task A_frozen_controller_never_answers_the_fence()
    {
        await using var world = await World.StartAsync();
        await world.Shop.Argo.FreezeAsync(CancellationToken.None);

        await world.PauseAsync();
        await world.PassAsync(TimeSpan.FromMinutes(10));

        Assert.Equal("normal", world.App()["metadata"]!["annotations"]![Refresh]!.GetValue<string>());
    }

    [Fact]
    public async Task A_controller_that_is_frozen_in_the_middle_of_a_turn_answers_nothing_that_is_asked_afterwards()
    {
        var looks = new HeldLooks();
        await using var world = await World.StartAsync(pace: ArgoCdPace.Immediate, handler: looks);
        var look = looks.HoldNext();
        var turn = world.Shop.Argo.SettleAsync(CancellationToken.None);
        await look.Begun;

        var frozen = world.Shop.Argo.FreezeAsync(CancellationToken.None);
        Assert.False(frozen.IsCompleted);
        await world.PauseAsync();
        look.GoOn();
        await frozen;
        await turn;

        Assert.Equal("normal", world.App()["metadata"]!["annotations"]![Refresh]!.GetValue<string>());
        world.Shop.Argo.Thaw();
        await world.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Null(world.App()["metadata"]!["annotations"]?[Refresh]);
    }
}
