using ChatOps.Core.Leases;
using ChatOps.Server.Workers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Server.Tests.Workers;

public sealed class LeaseWorkerTests
{
    /// <summary>The first look took the news away from every other lease on the same application.</summary>
    [Fact]
    public async Task A_change_of_an_application_is_looked_at_for_each_lease_on_it()
    {
        var books = new Books();
        books.Leases.AddRange(Enumerable.Range(1, 300).Select(number => Some.Lease(number)));
        var looks = await LooksAfterChangeAsync(books);

        Assert.Equal(books.Leases.Select(lease => lease.Id).Order(), looks.Order());
    }

    [Fact]
    public async Task What_somebody_else_took_goes_on_being_looked_at_and_what_is_over_does_not()
    {
        var books = new Books();
        var taken = Some.Lease(1).Overtake("kubectl-edit", Hold.OffByOthers, Some.Now);
        books.Leases.AddRange([taken, Some.Lease(2) with { State = LeaseState.Overtaken, EndedAt = Some.Now }]);

        Assert.Equal([taken.Id], await LooksAfterChangeAsync(books));
    }

    private static async Task<IReadOnlyList<Guid>> LooksAfterChangeAsync(Books books)
    {
        using var worker = new LeaseWorker(books, null!, new WatchLease(books, null!, null!, null!), null!, null!, null!, new FakeTimeProvider(Some.Now), NullLogger<LeaseWorker>.Instance);
        await RoundAsync();
        books.LookedFor.Clear();
        worker.Changed(Some.Checkout);
        await RoundAsync();
        return [.. books.LookedFor];

        async Task RoundAsync()
        {
            await worker.RunOnceAsync(CancellationToken.None);
            await worker.StopAsync(CancellationToken.None);
        }
    }
}
