using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Applications that changed, and how each does. A watch ends all the time: the server closes it, forgets the version (410),
/// has restarted (504 "Too large resource version"), is still starting (429). One that the server closed after it told how
/// far it was goes on from there. Whatever else ends it, it begins again with a fresh list, and since events may have been
/// missed, everything in the list counts as changed, and so does what is gone from it. Whole objects are read, since the
/// status is in nothing less, and let go at once (docs/adr/0016-watching-whole-applications.md).
/// </summary>
internal sealed class ApplicationWatch(ArgoCdOptions options, ApplicationList applications, ClusterApi cluster, TimeProvider time)
{
    private const int ServerSeconds = 240;
    private const string Whole = "application/json";
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(ServerSeconds + 30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private readonly string instance = options.Name;
    private readonly Uri? server = options.Server;

    public async IAsyncEnumerable<ApplicationNews> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var changed = Channel.CreateUnbounded<ApplicationNews>(new() { SingleReader = true });
        var loops = Task.WhenAll(options.AllNamespaces.Select(ns => FollowAsync(ns, changed.Writer, ending.Token)));
        _ = loops.ContinueWith(done => changed.Writer.TryComplete(done.Exception), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await foreach (var application in changed.Reader.ReadAllAsync(ct))
            {
                yield return application;
            }
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    private async Task FollowAsync(string ns, ChannelWriter<ApplicationNews> changed, CancellationToken ct)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var pause = FirstPause;
        string? version = null;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                TimeSpan? wait = null;
                if (version is null)
                {
                    var (answer, list) = await applications.ReadWholeAsync(ns, ct);
                    if (answer.IsOk)
                    {
                        Tell(known, list, ns, changed);
                        version = list.Metadata?.ResourceVersion ?? "0";
                    }

                    wait = answer.RetryAfter;
                }

                if (version is not null)
                {
                    (var worked, version) = await FollowFromAsync(version, ns, known, changed, ct);
                    pause = worked ? FirstPause : pause;
                }

                await Task.Delay(wait ?? pause, time, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }

            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private void Tell(HashSet<string> known, ApplicationGlances list, string ns, ChannelWriter<ApplicationNews> changed)
    {
        var now = list.Items.Select(glance => glance.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in known.Except(now))
        {
            changed.TryWrite(new(new(instance, ns, gone), null));
        }

        foreach (var glance in list.Items)
        {
            changed.TryWrite(new(new(instance, ns, glance.Name), glance.Written) { Vitals = glance.Vitals is { } vitals ? vitals with { Link = LinkTo(ns, glance.Name) } : null });
        }

        known.Clear();
        known.UnionWith(now);
    }

    /// <summary>Until the watch ends: whether it had worked, and from where it can go on; null: with a list.</summary>
    private async Task<(bool Worked, string? Version)> FollowFromAsync(string version, string ns, HashSet<string> known, ChannelWriter<ApplicationNews> changed, CancellationToken ct)
    {
        string? reached = null;
        try
        {
            var path = $"{ApplicationPaths.Applications(ns)}?watch=true&allowWatchBookmarks=true&timeoutSeconds={ServerSeconds}&resourceVersion={Uri.EscapeDataString(version)}";
            using var response = await cluster.OpenAsync(path, Whole, ct);
            if (!response.IsSuccessStatusCode)
            {
                return (false, null);
            }

            await using var stream = await response.Content.ReadAsStreamAsync(ct);
            await foreach (var @event in EventsAsync(stream, ct))
            {
                using (@event)
                {
                    if (@event.RootElement.Text("type") is null or "ERROR")
                    {
                        return (reached is not null, null);
                    }

                    Tell(@event.RootElement, ns, known, changed);
                    reached = @event.RootElement.Text("object", "metadata", "resourceVersion") ?? reached;
                }
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return (reached is not null, null); // cut off, or silent for longer than the server lets a watch live
        }

        return (reached is not null, reached);
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
                yield return JsonDocument.Parse(left); // half a line: it throws
            }

            lines.AdvanceTo(left.Start, left.End);
        }
    }

    private void Tell(JsonElement @event, string ns, HashSet<string> known, ChannelWriter<ApplicationNews> changed)
    {
        if (@event.Text("type") == "BOOKMARK" || @event.Text("object", "metadata", "name") is not { } name)
        {
            return;
        }

        var application = new ApplicationJson(@event.At("object"));
        var isGone = @event.Text("type") == "DELETED";
        _ = isGone ? known.Remove(name) : known.Add(name);
        changed.TryWrite(new(new(instance, ns, name), isGone ? null : SpecWriting.Of(application)) { Vitals = isGone ? null : VitalsReading.Of(application) with { Link = LinkTo(ns, name) } });
    }

    private Uri? LinkTo(string ns, string name) => server is null ? null : new Uri(server, $"applications/{ns}/{name}");
}
