using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;
using ChatOps.Server.Workers;
using Microsoft.Extensions.Logging;

namespace ChatOps.Server.Tests.Workers;

public sealed class HandsWatcherTests
{
    [Fact]
    public async Task It_follows_what_is_in_the_scope_of_open_incidents_and_nothing_any_more_when_they_are_closed()
    {
        var books = new Books().With(Some.Incident());
        var view = new Watched();
        using var watcher = Watcher(view, books, new Said());
        await watcher.StartAsync(CancellationToken.None);
        await watcher.RunOnceAsync(CancellationToken.None);
        var scope = await view.Scope.Task.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal([Some.Checkout], scope());

        books.With(Some.Incident() with { State = IncidentState.Closed });
        await watcher.RunOnceAsync(CancellationToken.None);
        Assert.Empty(scope());
        await watcher.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_is_not_watched_is_logged_once_and_again_when_it_is_so_again()
    {
        var (view, said) = (new Watched { NotWatched = ["I may not watch ConfigMap"] }, new Said());
        using var watcher = Watcher(view, new Books().With(Some.Incident()), said);
        await watcher.RunOnceAsync(CancellationToken.None);
        await watcher.RunOnceAsync(CancellationToken.None);
        Assert.Contains("I may not watch ConfigMap", Assert.Single(said.Lines), StringComparison.Ordinal);

        view.NotWatched = [];
        await watcher.RunOnceAsync(CancellationToken.None);
        view.NotWatched = ["I may not watch ConfigMap"];
        await watcher.RunOnceAsync(CancellationToken.None);
        Assert.Equal(2, said.Lines.Count);
    }

    private static HandsWatcher Watcher(Watched view, Books books, Said said) => new([view], books, null!, TimeProvider.System, said);

    private sealed class Said : ILogger<HandsWatcher>
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Enqueue(formatter(state, exception));
    }

    private sealed class Watched : IApplicationView
    {
        /// <summary>What it was given to ask now and then.</summary>
        public TaskCompletionSource<Func<IReadOnlySet<ApplicationRef>>> Scope { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Instance => "prod";

        public IReadOnlyList<string> NotWatched { get; set; } = [];

        public async IAsyncEnumerable<HandsTaken> WatchHandsAsync(Func<IReadOnlySet<ApplicationRef>> scope, [EnumeratorCancellation] CancellationToken ct)
        {
            Scope.TrySetResult(scope);
            await Task.Delay(Timeout.Infinite, ct);
            yield break;
        }

        public Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationLine> Lines)> LinesAsync(IReadOnlyList<ApplicationRef> applications, CancellationToken ct) => throw new NotSupportedException();

        public Task<(ClusterAnswer Answer, Deployed? Deployed)> ShowAsync(ApplicationRef application, CancellationToken ct) => throw new NotSupportedException();

        public Task<(ClusterAnswer Answer, IReadOnlyList<Happening> Happened)> HappenedAsync(ApplicationRef application, CancellationToken ct) => throw new NotSupportedException();

        public Task<(ClusterAnswer Answer, DriftReport? Report)> CompareAsync(ApplicationRef application, CancellationToken ct) => throw new NotSupportedException();
    }
}
