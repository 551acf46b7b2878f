using System.Text.Json;
using System.Threading.Channels;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// The applications of one namespace. Begins with a list, which is the expensive part; and since events were missed where it
/// begins again, everything in that counts as changed, and so does what is gone from it. Whole objects are read, since the
/// status is in nothing less, and let go at once (docs/adr/0016-watching-whole-applications.md).
/// </summary>
internal sealed class NamespaceWatch(ArgoCdOptions options, string ns, ApplicationList applications, ClusterApi cluster, TimeProvider time)
{
    private readonly string instance = options.Name;
    private readonly Uri? server = options.Server;
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly CollectionWatch watch = new(cluster, ApplicationPaths.Applications(ns), time);

    public WatchState State => new(instance, ns, watch.Pulse.DeadSince, watch.Pulse.Why);

    public Task FollowAsync(ChannelWriter<ApplicationNews> changed, CancellationToken ct) => watch.FollowAsync(
        async (forgotten, ending) =>
        {
            var (answer, list) = await applications.ReadWholeAsync(ns, forgotten, ending);
            if (!answer.IsOk)
            {
                return new(null, new(WatchNext.GoOn, answer.Sentence) { RetryAfter = answer.RetryAfter });
            }

            Tell(list, changed);
            return new(list.Metadata?.ResourceVersion);
        },
        @event => Tell(@event, changed),
        ct);

    private void Tell(ApplicationGlances list, ChannelWriter<ApplicationNews> changed)
    {
        var now = list.Items.Select(glance => glance.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in known.Except(now))
        {
            changed.TryWrite(new(new(instance, ns, gone), null));
        }

        foreach (var glance in list.Items)
        {
            changed.TryWrite(new(new(instance, ns, glance.Name), glance.Written) { Vitals = glance.Vitals is { } vitals ? vitals with { Link = LinkTo(glance.Name) } : null });
        }

        known.Clear();
        known.UnionWith(now);
    }

    private void Tell(JsonElement @event, ChannelWriter<ApplicationNews> changed)
    {
        if (@event.Text("type") == "BOOKMARK" || @event.Text("object", "metadata", "name") is not { } name)
        {
            return;
        }

        var application = new ApplicationJson(@event.At("object"));
        var isGone = @event.Text("type") == "DELETED";
        _ = isGone ? known.Remove(name) : known.Add(name);
        changed.TryWrite(new(new(instance, ns, name), isGone ? null : SpecWriting.Of(application)) { Vitals = isGone ? null : VitalsReading.Of(application) with { Link = LinkTo(name) } });
    }

    private Uri? LinkTo(string name) => server is null ? null : new Uri(server, $"applications/{ns}/{name}");
}
