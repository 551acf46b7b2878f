using ChatOps.Core.Records;

namespace ChatOps.Storage.Tests.LiteDb;

/// <summary>The store must not grow for ever, and must not forget what can still come again.</summary>
public sealed class ForgettingTests : IDisposable
{
    private readonly TempStore temp = new();

    private static CancellationToken Ct => CancellationToken.None;

    [Fact]
    public async Task A_handled_delivery_is_known_for_two_days_and_forgotten_after()
    {
        using var records = temp.Open();
        await records.AcceptAsync(Some.Delivery("old"), Ct);
        await records.CommitAsync(new Changes().Done(Some.Delivery("old")), Ct);

        temp.Time.Advance(TimeSpan.FromHours(47));
        await records.AcceptAsync(Some.Delivery("another"), Ct);
        Assert.False(await records.AcceptAsync(Some.Delivery("old"), Ct));

        temp.Time.Advance(TimeSpan.FromHours(2));
        await records.AcceptAsync(Some.Delivery("a third"), Ct);
        Assert.True(await records.AcceptAsync(Some.Delivery("old"), Ct));
    }

    [Fact]
    public async Task What_waits_is_never_forgotten()
    {
        using var records = temp.Open();
        await records.AcceptAsync(Some.Delivery("waits"), Ct);

        temp.Time.Advance(TimeSpan.FromDays(365));
        await records.AcceptAsync(Some.Delivery("another"), Ct);

        Assert.Equal(["waits", "another"], (await records.WaitingAsync(10, Ct)).Select(delivery => delivery.Key));
    }

    [Fact]
    public async Task An_alert_that_is_over_goes_after_two_days_and_one_that_fires_stays()
    {
        using var records = temp.Open();
        await records.CommitAsync(new Changes().Save(Some.Alert() with { Shown = [] }).Save(Some.Alert() with { Fingerprint = "fedcba9876543210", State = Core.Alerts.AlertState.Firing }), Ct);

        temp.Time.Advance(TimeSpan.FromDays(3));
        await records.AcceptAsync(Some.Delivery("1"), Ct);

        Assert.Equal("fedcba9876543210", Assert.Single(await records.AlertsAsync(onlyLive: false, Ct)).Fingerprint);
    }

    [Fact]
    public async Task A_button_can_still_be_told_to_be_too_late_for_a_month()
    {
        using var records = temp.Open();
        await records.CommitAsync(new Changes().Offer(Some.Choice("token")), Ct);

        temp.Time.Advance(TimeSpan.FromDays(29));
        await records.AcceptAsync(Some.Delivery("1"), Ct);
        Assert.NotNull(await records.FindChoiceAsync("token", Ct));

        temp.Time.Advance(TimeSpan.FromDays(2));
        await records.AcceptAsync(Some.Delivery("2"), Ct);
        Assert.Null(await records.FindChoiceAsync("token", Ct));
    }

    public void Dispose() => temp.Dispose();
}
