using System.Text.Json;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Operations;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Storage.Tests;

/// <summary>What every store must do: state and record. Posts and deliveries are in the other half.</summary>
public abstract partial class RecordsContract
{
    protected abstract IRecords Records { get; }

    private static CancellationToken Ct => CancellationToken.None;

    [Fact]
    public async Task Aggregates_come_back_as_they_were_saved_with_the_next_version()
    {
        var incident = Some.Incident();
        var operation = Some.Operation(Guid.CreateVersion7(Some.Now));
        var lease = Some.Lease(Guid.CreateVersion7(Some.Now));

        await Records.CommitAsync(new Changes().Save(incident).Save(operation).Save(lease), Ct);

        AssertSame(incident with { Version = 1 }, await Records.FindIncidentAsync(7, Ct));
        AssertSame(operation with { Version = 1 }, await Records.FindOperationAsync(operation.Id, Ct));
        Assert.Equal(operation.Plan.Hash, (await Records.FindOperationAsync(operation.Id, Ct))!.Plan.Hash);
        AssertSame(lease with { Version = 1 }, await Records.FindLeaseAsync(lease.Id, Ct));
    }

    [Fact]
    public async Task Alerts_come_back_and_are_live_until_every_message_says_that_they_are_over()
    {
        var alert = Some.TroubleAlert();
        await Records.CommitAsync(new Changes().Save(alert), Ct);
        AssertSame(alert with { Version = 1 }, Assert.Single(await Records.AlertsAsync(onlyLive: true, Ct)));
        await Assert.ThrowsAsync<StaleRecordException>(() => Records.CommitAsync(new Changes().Save(alert), Ct));

        await Records.CommitAsync(new Changes().Save(alert.ShowIn(MessageKey.Alerts(7, 3), 7, null) with { Version = 1 }), Ct);

        Assert.Empty(await Records.AlertsAsync(onlyLive: true, Ct));
        Assert.Equal(2, Assert.Single(await Records.AlertsAsync(onlyLive: false, Ct)).Version);
    }

    [Fact]
    public async Task What_is_known_of_overrides_from_outside_comes_back()
    {
        var (alert, baseline, lease) = (Some.OutsideAlert(), Some.Baseline(), Some.Lease(Guid.CreateVersion7(Some.Now)) with { Kind = Core.Leases.LeaseKind.Outside, Outside = Some.Outside });
        await Records.CommitAsync(new Changes().Save(Some.Incident()).Save(alert).Save(baseline).Save(lease), Ct);

        AssertSame(alert with { Version = 1 }, Assert.Single(await Records.AlertsAsync(onlyLive: true, Ct)));
        AssertSame(baseline with { Version = 1 }, await Records.FindBaselineAsync(baseline.Application, Ct));
        AssertSame(lease with { Version = 1 }, await Records.FindLeaseAsync(lease.Id, Ct));
        Assert.Null(await Records.FindBaselineAsync(baseline.Application with { Name = "another" }, Ct));
        await Assert.ThrowsAsync<StaleRecordException>(() => Records.CommitAsync(new Changes().Save(baseline), Ct));
    }

    [Fact]
    public async Task What_is_known_of_windows_from_outside_comes_back()
    {
        var (alert, known) = (Some.WindowAlert(), Some.KnownWindows());
        await Records.CommitAsync(new Changes().Save(alert).Save(known), Ct);

        AssertSame(alert with { Version = 1 }, Assert.Single(await Records.AlertsAsync(onlyLive: true, Ct)));
        Assert.Equal((true, 1), ((await Records.FindKnownWindowsAsync("argocd", Ct))!.IsSameAs(known), (await Records.FindKnownWindowsAsync("argocd", Ct))!.Version));
        Assert.Null(await Records.FindKnownWindowsAsync("another", Ct));
        await Assert.ThrowsAsync<StaleRecordException>(() => Records.CommitAsync(new Changes().Save(known), Ct));
    }

    [Fact]
    public async Task When_the_applications_of_an_instance_were_looked_at_first_is_known_for_good()
    {
        Assert.Null(await Records.WatchedSinceAsync("argocd", Ct));
        await Records.CommitAsync(new Changes().Watch("argocd", Some.Now).Watch("another", Some.Now.AddHours(1)), Ct);
        await Records.CommitAsync(new Changes().Watch("argocd", Some.Now.AddDays(1)), Ct);

        Assert.Equal((Some.Now, Some.Now.AddHours(1)), (await Records.WatchedSinceAsync("argocd", Ct), await Records.WatchedSinceAsync("another", Ct)));
    }

    [Theory]
    [InlineData(typeof(Incident))]
    [InlineData(typeof(Operation))]
    [InlineData(typeof(Core.Leases.Lease))]
    public void Samples_leave_no_field_at_its_default(Type aggregate)
    {
        object sample = aggregate == typeof(Incident) ? Some.Incident() with { Entries = 1, Version = 1 }
            : aggregate == typeof(Operation) ? Some.Operation(Guid.CreateVersion7(Some.Now)) with { Version = 1 }
            : Some.Asked(Some.Joining(Some.Switch(Guid.CreateVersion7(Some.Now)), Guid.CreateVersion7(Some.Now)) with { Version = 1, Follows = Guid.CreateVersion7(Some.Now), Only = Some.Fields, PushWaits = true, MovedFrom = new(Guid.CreateVersion7(Some.Now), Some.Held), JoinedSince = Some.Now, Held = TimeSpan.FromMinutes(12), OwnerLookedAt = Some.Now, Deployed = Guid.CreateVersion7(Some.Now), InSet = new("shop", "uid-2", "checkout", HadList: true) { IsOurs = true } });

        var forgotten = aggregate.GetProperties()
            .Where(property => property.CanWrite && property.PropertyType != typeof(Core.Leases.LeaseKind)) // has one value so far
            .Where(property => Equals(property.GetValue(sample), property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null))
            .Select(property => property.Name);

        Assert.Empty(forgotten);
    }

    [Fact]
    public async Task Who_minds_overrides_is_not_woken_by_what_people_say()
    {
        var overrides = Records.ChangedAsync(BooksPart.Leases | BooksPart.Operations);
        var inbox = Records.ChangedAsync(BooksPart.Deliveries);
        var anything = Records.ChangedAsync(BooksPart.Any);
        await Records.AcceptAsync(Some.Delivery("1"), Ct);
        await inbox;
        await anything;
        Assert.False(overrides.IsCompleted);

        var posts = Records.ChangedAsync(BooksPart.Posts);
        await Records.CommitAsync(new Changes().Save(Some.Lease(Guid.CreateVersion7(Some.Now))), Ct);
        await overrides;
        Assert.False(posts.IsCompleted);
    }

    [Fact]
    public async Task Times_are_kept_to_the_millisecond_in_UTC()
    {
        var odd = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2)).AddTicks(9999);

        await Records.CommitAsync(new Changes().Save(Some.Incident() with { DeclaredAt = odd }), Ct);

        var stored = (await Records.FindIncidentAsync(7, Ct))!.DeclaredAt;
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 1, 4, 5, 678, TimeSpan.Zero), stored);
        Assert.Equal(TimeSpan.Zero, stored.Offset);
    }

    [Fact]
    public async Task Of_two_writers_of_one_version_the_second_is_told()
    {
        await Records.CommitAsync(new Changes().Save(Some.Incident()), Ct);
        var read = (await Records.FindIncidentAsync(7, Ct))!;

        var both = new[] { "first", "second" }
            .Select(title => Record.ExceptionAsync(() => Records.CommitAsync(new Changes().Save(read with { Title = title }), Ct))).ToArray();
        var outcomes = await Task.WhenAll(both);

        var stale = Assert.IsType<StaleRecordException>(Assert.Single(outcomes, outcome => outcome is not null));
        Assert.Contains("incident 7", stale.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await Records.FindIncidentAsync(7, Ct))!.Version);
    }

    [Fact]
    public async Task A_new_record_does_not_replace_an_existing_one_and_an_unknown_one_cannot_be_continued()
    {
        await Records.CommitAsync(new Changes().Save(Some.Incident()), Ct);

        await Assert.ThrowsAsync<StaleRecordException>(() => Records.CommitAsync(new Changes().Save(Some.Incident()), Ct));
        await Assert.ThrowsAsync<StaleRecordException>(() => Records.CommitAsync(new Changes().Save(Some.Incident(8) with { Version = 1 }), Ct));
    }

    [Fact]
    public async Task A_stale_change_set_stores_nothing_of_itself_and_hurts_no_other()
    {
        await Records.CommitAsync(new Changes().Save(Some.Incident()), Ct);
        var stale = new Changes().Save(Some.Incident()).Post(Some.Say("stale")).Offer(Some.Choice("stale"));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Record.ExceptionAsync(() => i % 2 == 0
            ? Records.CommitAsync(new Changes().Save(Some.Incident(100 + i)), Ct)
            : Records.CommitAsync(stale, Ct))));

        Assert.Equal(100, outcomes.Count(outcome => outcome is StaleRecordException));
        Assert.Equal(100, outcomes.Count(outcome => outcome is null));
        Assert.Equal(101, (await Records.IncidentsAsync(onlyOpen: false, Ct)).Count);
        Assert.Null(await Records.FindChoiceAsync("stale", Ct));
        Assert.Empty(await Records.DueAsync(Some.Now.AddYears(1), 100, Ct));
    }

    [Theory]
    [InlineData(OperationState.Succeeded)]
    [InlineData(OperationState.Failed)]
    [InlineData(OperationState.Refused)]
    [InlineData(OperationState.Denied)]
    [InlineData(OperationState.Expired)]
    [InlineData(OperationState.Withdrawn)]
    public async Task An_operation_that_ended_never_revives(OperationState end)
    {
        var ended = Some.Operation(Guid.CreateVersion7(Some.Now), state: end);
        await Records.CommitAsync(new Changes().Save(ended), Ct);
        var read = (await Records.FindOperationAsync(ended.Id, Ct))!;

        await Assert.ThrowsAsync<InvalidOperationException>(() => Records.CommitAsync(new Changes().Save(read with { State = OperationState.Running }), Ct));
        await Records.CommitAsync(new Changes().Save(read with { ReviewClosedBy = "emil" }), Ct);

        Assert.Equal((end, "emil"), ((await Records.FindOperationAsync(ended.Id, Ct))!.State, (await Records.FindOperationAsync(ended.Id, Ct))!.ReviewClosedBy));
    }

    [Fact]
    public async Task The_timeline_takes_only_the_next_true_entry()
    {
        var incident = Some.Incident().Record(TimelineKind.Declared, "anna", "declared", Some.Now, out var first, Guid.CreateVersion7(Some.Now), Some.Now.AddMinutes(-5))
            .Record(TimelineKind.Note, "ben", "seen", Some.Now, out var second);
        await Records.CommitAsync(new Changes().Append(first).Append(second), Ct);
        incident.Record(TimelineKind.Note, "ben", "third", Some.Now, out var third);
        Some.Incident().Record(TimelineKind.Note, "ben", "other", Some.Now, out var rewritten);

        await Refused(second);
        await Refused(rewritten);
        await Refused(third with { Text = "edited" });
        await Refused(third with { Number = 4, Hash = Chain.HashOf(third.Hash, third with { Number = 4 }) });
        await Refused(third, third);
        await Records.CommitAsync(new Changes().Append(third), Ct);

        var stored = await Records.TimelineAsync(7, Ct);
        Assert.Equal([first, second, third], stored);
        Assert.Empty(Chain.Faults(7, stored, 3, third.Hash));

        Task Refused(params TimelineEntry[] entries) => Assert.ThrowsAsync<StaleRecordException>(
            () => Records.CommitAsync(entries.Aggregate(new Changes(), (changes, entry) => changes.Append(entry)), Ct));
    }

    [Fact]
    public async Task Timelines_are_apart_and_in_order()
    {
        foreach (var number in new[] { 1, 2, 1_000_000 })
        {
            var incident = Some.Incident(number);
            var changes = new Changes();
            for (var i = 0; i < 30; i++)
            {
                incident = incident.Record(TimelineKind.Note, "anna", $"{number}/{i}", Some.Now, out var entry);
                changes.Append(entry);
            }

            await Records.CommitAsync(changes.Save(incident), Ct);
        }

        var stored = await Records.TimelineAsync(2, Ct);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"2/{i}"), stored.Select(entry => entry.Text));
    }

    [Fact]
    public async Task Lists_hold_what_they_say_in_the_order_they_say()
    {
        Guid[] ids = [.. Enumerable.Range(0, 4).Select(i => Guid.CreateVersion7(Some.Now.AddMinutes(i)))];
        await Records.CommitAsync(
            new Changes()
                .Save(Some.Incident(1)).Save(Some.Incident(2) with { State = IncidentState.Closed }).Save(Some.Incident(3))
                .Save(Some.Operation(ids[1]) with { RequestedAt = Some.Now.AddMinutes(1) })
                .Save(Some.Operation(ids[0]))
                .Save(Some.Operation(ids[2], state: OperationState.Denied) with { RequestedAt = Some.Now.AddMinutes(2) })
                .Save(Some.Operation(ids[3], incident: 8))
                .Save(Some.Lease(ids[0]))
                .Save(Some.Lease(ids[1], state: Core.Leases.LeaseState.Ended) with { AwaitsEngine = false })
                .Save(Some.Lease(ids[3], incident: 8, Core.Leases.LeaseState.Ended) with { StartedAt = Some.Now.AddMinutes(2) })
                .Save(Some.Lease(ids[2], incident: 8, Core.Leases.LeaseState.Overtaken) with { EndedAt = null, StartedAt = Some.Now.AddMinutes(1) }),
            Ct);

        Assert.Equal([3, 1], (await Records.IncidentsAsync(onlyOpen: true, Ct)).Select(incident => incident.Number));
        Assert.Equal([3, 2, 1], (await Records.IncidentsAsync(onlyOpen: false, Ct)).Select(incident => incident.Number));
        Assert.Equal([ids[0], ids[3], ids[1]], (await Records.LiveOperationsAsync(Ct)).Select(operation => operation.Id));
        Assert.Equal([ids[0], ids[1], ids[2]], (await Records.OperationsAsync(7, Ct)).Select(operation => operation.Id));
        Assert.Equal([ids[0], ids[2], ids[3]], (await Records.UnsettledLeasesAsync(Ct)).Select(lease => lease.Id));
        Assert.Equal([ids[0], ids[1]], (await Records.LeasesAsync(7, Ct)).Select(lease => lease.Id));
    }

    [Fact]
    public async Task A_button_means_what_was_stored_until_it_is_used()
    {
        var choice = Some.Choice("tokEN");
        await Records.CommitAsync(new Changes().Offer(choice), Ct);

        Assert.Equal(choice, await Records.FindChoiceAsync("tokEN", Ct));
        Assert.Null(await Records.FindChoiceAsync("token", Ct));

        await Records.CommitAsync(new Changes().Use("tokEN").Use("never offered"), Ct);
        Assert.Null(await Records.FindChoiceAsync("tokEN", Ct));
    }

    [Fact]
    public async Task A_token_is_not_given_a_second_meaning()
    {
        await Records.CommitAsync(new Changes().Offer(Some.Choice("token")), Ct);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Records.CommitAsync(new Changes().Offer(Some.Choice("token")), Ct));
    }

    private static void AssertSame<T>(T expected, T? actual) => Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(actual));
}
