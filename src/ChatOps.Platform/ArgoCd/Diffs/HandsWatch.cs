using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd.Diffs;

/// <summary>
/// Watches, for as long as they are asked for, the live objects of some applications of one Argo CD: one watch for each kind in
/// each namespace of each cluster, of the kinds that a comparison reads, and never of Secrets. Which objects those are it reads
/// from the applications now and then.
/// </summary>
public sealed class HandsWatch(ClusterApi cluster, ClusterNames names, Func<string, ClusterApi?> clusterOf, TimeProvider time)
{
    /// <summary>Each is a connection that stays open, and its objects are read whole.</summary>
    private const int Most = 100;
    private const int AtOnce = 4;
    private const int MostWaiting = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadAgain = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(5);

    private readonly Dictionary<ApplicationRef, (DateTimeOffset At, ApplicationJson? Application)> read = [];
    private readonly Dictionary<(string Cluster, string Namespace), (DateTimeOffset At, IReadOnlyList<ReadKind> Missing)> rights = [];
    private readonly Dictionary<LivePlace, (HandsInPlace Hands, CancellationTokenSource End, Task Task)> watches = [];

    /// <summary>Sentences: what of them is not watched now.</summary>
    public IReadOnlyList<string> NotWatched { get; private set; } = [];

    internal async IAsyncEnumerable<HandsTaken> ReadAsync(Func<IReadOnlySet<ApplicationRef>> wanted, [EnumeratorCancellation] CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);

        // Whoever writes it down is slower than a script: what does not fit is lost, and not this process with it.
        var taken = Channel.CreateBounded<HandsTaken>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
        var loop = FollowAsync(wanted, taken.Writer, ending.Token);
        _ = loop.ContinueWith(done => taken.Writer.TryComplete(done.Exception), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await foreach (var one in taken.Reader.ReadAllAsync(ct))
            {
                yield return one;
            }
        }
        finally
        {
            await ending.CancelAsync();
            await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(Func<IReadOnlySet<ApplicationRef>> wanted, ChannelWriter<HandsTaken> taken, CancellationToken ct)
    {
        try
        {
            while (!ct.IsCancellationRequested)
            {
                await ReadApplicationsAsync(wanted(), ct);
                var places = Places();
                await AskForRightsAsync(places.Keys, ct);
                Arrange(places, taken, ct);
                await Task.Delay(Interval, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            var tasks = watches.Values.Select(watch => watch.Task).ToList();
            foreach (var place in watches.Keys.ToList())
            {
                End(place);
            }

            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadApplicationsAsync(IReadOnlySet<ApplicationRef> wanted, CancellationToken ct)
    {
        foreach (var gone in read.Keys.Where(application => !wanted.Contains(application)).ToList())
        {
            read.Remove(gone);
        }

        var now = time.GetUtcNow();
        foreach (var batch in wanted.Where(application => !read.TryGetValue(application, out var last) || now - last.At >= ReadAgain).Chunk(AtOnce))
        {
            foreach (var (application, reply) in batch.Zip(await Task.WhenAll(batch.Select(application => cluster.GetAsync(ApplicationPaths.Application(application.Namespace, application.Name), ct)))))
            {
                // What cannot be read now is watched as it was known.
                read[application] = (now, reply.IsOk ? new ApplicationJson(reply.Body) : read.GetValueOrDefault(application).Application);
            }
        }
    }

    /// <summary>What to watch where, with the version of its kind: an object of a kind that is not read, or that is in no namespace, is in none.</summary>
    private Dictionary<LivePlace, (string Version, Dictionary<string, ListedObject> Objects)> Places()
    {
        var places = new Dictionary<LivePlace, (string Version, Dictionary<string, ListedObject> Objects)>();
        foreach (var (reference, (_, application)) in read.OrderBy(one => one.Key.ToString(), StringComparer.Ordinal))
        {
            if (application is not { } known)
            {
                continue;
            }

            var where = names.Of(known.Raw.At("spec", "destination"), cluster.Name);
            var rules = new IgnoreRules(known.Raw.At("spec"));
            foreach (var resource in known.Raw.Items("status", "resources").Where(resource => !resource.Flag("hook") && !resource.Flag("requiresPruning")))
            {
                if (ReadKind.All.FirstOrDefault(kind => kind.Kind == resource.Text("kind") && kind.Group == (resource.Text("group") ?? "")) is { } kind
                    && resource.Text("namespace") is { Length: > 0 } ns && resource.Text("name") is { } name && resource.Text("version") is { Length: > 0 } version)
                {
                    var place = new LivePlace(where, kind, ns);
                    places.TryAdd(place, (version, new(StringComparer.Ordinal)));
                    places[place].Objects.TryAdd(name, new(reference, resource, rules));
                }
            }
        }

        return places;
    }

    /// <summary>Nobody is asked again and again for what the cluster does not allow.</summary>
    private async Task AskForRightsAsync(IEnumerable<LivePlace> places, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        foreach (var where in places.Select(place => (place.Cluster, place.Namespace)).Distinct().ToList())
        {
            if (clusterOf(where.Cluster) is { } live && (!rights.TryGetValue(where, out var last) || (last.Missing.Count > 0 && now - last.At >= AskAgain)))
            {
                // Where it cannot be asked it is tried.
                rights[where] = (now, await ReadRights.MissingAsync(live, "watch", where.Namespace, ct) ?? []);
            }
        }
    }

    private void Arrange(Dictionary<LivePlace, (string Version, Dictionary<string, ListedObject> Objects)> places, ChannelWriter<HandsTaken> taken, CancellationToken ct)
    {
        var (may, mayNot) = (new List<LivePlace>(), new List<LivePlace>());
        foreach (var place in places.Keys.Where(place => clusterOf(place.Cluster) is not null))
        {
            (rights.TryGetValue((place.Cluster, place.Namespace), out var last) && last.Missing.Contains(place.Kind) ? mayNot : may).Add(place);
        }

        var now = may.OrderByDescending(watches.ContainsKey).ThenBy(place => place.ToString(), StringComparer.Ordinal).Take(Most).ToHashSet();
        foreach (var place in watches.Keys.Where(place => !now.Contains(place)).ToList())
        {
            End(place);
        }

        foreach (var place in now)
        {
            if (!watches.TryGetValue(place, out var watch))
            {
                var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
                var hands = new HandsInPlace(place.Kind, places[place].Version, place.Namespace, clusterOf(place.Cluster)!, time) { Objects = places[place].Objects };
                watches[place] = (hands, end, Task.Run(() => hands.FollowAsync(taken, end.Token), CancellationToken.None));
            }
            else
            {
                watch.Hands.Objects = places[place].Objects;
            }
        }

        NotWatched =
        [
            .. mayNot.GroupBy(place => (place.Cluster, place.Namespace), place => place.Kind.Kind).Select(group =>
                $"I may not watch {string.Join(", ", group.Order(StringComparer.Ordinal))} in namespace {group.Key.Namespace} of {group.Key.Cluster}. ChatOps.Server rbac writes that right for each namespace that an application of the policy deploys to."),
            .. may.Count > Most ? [$"{may.Count} kinds of objects in namespaces are in the scope of open incidents and I watch {Most} of them at a time. Not these: {string.Join("; ", may.Where(place => !now.Contains(place)).Take(5))}{(may.Count > Most + 5 ? " and more" : "")}."] : Array.Empty<string>(),
        ];
    }

    private void End(LivePlace place)
    {
        if (watches.Remove(place, out var watch))
        {
            watch.End.Cancel();
            _ = watch.Task.ContinueWith(_ => watch.End.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }
}
