using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// The applications of one namespace. A watch ends all the time: the server closes it, is busy (429), restarts, the
/// connection is cut. It goes on from the last version that it was told, bookmarks included: the list is the expensive part.
/// Only where that version is forgotten (410), or cannot be right, does it begin again with one; and since events were missed,
/// everything in that counts as changed, and so does what is gone from it. Whole objects are read, since the status is in
/// nothing less, and let go at once (docs/adr/0016-watching-whole-applications.md).
/// </summary>
internal sealed class NamespaceWatch(ArgoCdOptions options, string ns, ApplicationList applications, ClusterApi cluster, TimeProvider time)
{
    private const int ServerSeconds = 240;
    private const string Whole = "application/json";
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(ServerSeconds + 30);
    private static readonly TimeSpan ReadRefusal = TimeSpan.FromSeconds(10);
    private readonly string instance = options.Name;
    private readonly Uri? server = options.Server;
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly WatchPulse pulse = new(time);
    private string? version;
    private string? forgotten;
    private bool hasTold;

    public WatchState State => new(instance, ns, pulse.DeadSince, pulse.Why);

    public async Task FollowAsync(ChannelWriter<ApplicationNews> changed, CancellationToken ct)
    {
        (version, forgotten) = (null, null); // whoever reads anew has missed what came meanwhile
        for (int failed = 0, doubts = 0; !ct.IsCancellationRequested;)
        {
            WatchEnd end;
            hasTold = false;
            try
            {
                end = await RoundAsync(changed, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // One namespace whose watch breaks is told as not alive and begun again; it takes no other with it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                end = new(WatchNext.Doubt, $"{e.GetType().Name}: {e.Message}");
            }

            // A list alone is no success: what refuses each watch after it would have us list all the time.
            failed = hasTold ? 0 : failed + 1;
            doubts = end.Next != WatchNext.Doubt ? 0 : hasTold ? 1 : doubts + 1;
            if (end.Next == WatchNext.List || doubts >= WatchEnd.MostDoubts)
            {
                (forgotten, version, doubts) = (end.Next == WatchNext.List ? version : null, null, 0);
            }

            pulse.Ended(end);
            await Task.Delay(end.PauseAfter(failed), time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<WatchEnd> RoundAsync(ChannelWriter<ApplicationNews> changed, CancellationToken ct)
    {
        if (version is null)
        {
            var (answer, list) = await applications.ReadWholeAsync(ns, forgotten, ct);
            forgotten = null;
            if (!answer.IsOk)
            {
                return new(WatchNext.GoOn, answer.Sentence) { RetryAfter = answer.RetryAfter };
            }

            Tell(list, changed);
            version = list.Metadata?.ResourceVersion ?? "0";
        }

        try
        {
            return await FollowFromAsync(version, changed, ct);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return WatchEnd.Cut(e.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return pulse.IsOpen ? WatchEnd.Silent : WatchEnd.Cut("no answer in time");
        }
    }

    private async Task<WatchEnd> FollowFromAsync(string from, ChannelWriter<ApplicationNews> changed, CancellationToken ct)
    {
        var path = $"{ApplicationPaths.Applications(ns)}?watch=true&allowWatchBookmarks=true&timeoutSeconds={ServerSeconds}&resourceVersion={Uri.EscapeDataString(from)}";
        using var response = await cluster.OpenAsync(path, Whole, ct);
        if (!response.IsSuccessStatusCode)
        {
            using var patience = new Deadline(ReadRefusal, time, ct);
            return WatchEnd.Refused(await ClusterApi.ReplyAsync(response, time, patience.Token));
        }

        var opened = time.GetUtcNow();
        pulse.Opened();
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        await foreach (var @event in EventsAsync(stream, ct))
        {
            using (@event)
            {
                if (@event.RootElement.Text("type") is null or "ERROR")
                {
                    return WatchEnd.Refused(@event.RootElement.At("object"));
                }

                Tell(@event.RootElement, changed);
                version = @event.RootElement.Text("object", "metadata", "resourceVersion") ?? version;
                hasTold = true;
                pulse.Told();
            }
        }

        return WatchEnd.Closed(hasTold, time.GetUtcNow() - opened);
    }

    /// <summary>One for each line, parsed from the bytes as they came: whole objects can be large, and there are many.</summary>
    private async IAsyncEnumerable<JsonDocument> EventsAsync(Stream stream, [EnumeratorCancellation] CancellationToken ct)
    {
        var lines = PipeReader.Create(stream);
        for (var isOver = false; !isOver;)
        {
            using var quiet = new Deadline(Quiet, time, ct);
            var read = await lines.ReadAsync(quiet.Token);
            var left = read.Buffer;
            while (left.PositionOf((byte)'\n') is { } end)
            {
                var line = left.Slice(0, end);
                if (line.Length > 1)
                {
                    yield return JsonDocument.Parse(line);
                }

                left = left.Slice(left.GetPosition(1, end));
            }

            isOver = read.IsCompleted;
            if (isOver && !left.IsEmpty)
            {
                throw new IOException("in the middle of a line");
            }

            lines.AdvanceTo(left.Start, left.End);
        }
    }

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
