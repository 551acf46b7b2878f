using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Applications that changed. A watch ends all the time: the server closes it, forgets the version (410), has
/// restarted (504 "Too large resource version"), is still starting (429). Whatever ends it, it begins again with a fresh
/// list, and since events may have been missed, everything in the list counts as changed, and so does what is gone from it.
/// </summary>
internal sealed class ApplicationWatch(string instance, IEnumerable<string> namespaces, ApplicationList applications, ClusterApi cluster, TimeProvider time)
{
    private const int ServerSeconds = 240;
    private const string MetadataOnly = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json;q=0.8";
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(ServerSeconds + 30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    public async IAsyncEnumerable<ApplicationNews> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var changed = Channel.CreateUnbounded<ApplicationNews>(new() { SingleReader = true });
        var loops = Task.WhenAll(namespaces.Select(ns => FollowAsync(ns, changed.Writer, ending.Token)));
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
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var (answer, list) = await applications.ReadAsync(ns, ct);
                if (answer.IsOk)
                {
                    Tell(known, list, ns, changed);
                    if (await FollowFromAsync(list.Metadata?.ResourceVersion ?? "0", ns, known, changed, ct))
                    {
                        pause = FirstPause;
                    }
                }

                await Task.Delay(answer.RetryAfter ?? pause, time, ct);
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
            changed.TryWrite(new(new(instance, ns, glance.Name), glance.Written));
        }

        known.Clear();
        known.UnionWith(now);
    }

    /// <summary>Until the watch ends; true when it had worked.</summary>
    private async Task<bool> FollowFromAsync(string version, string ns, HashSet<string> known, ChannelWriter<ApplicationNews> changed, CancellationToken ct)
    {
        var worked = false;
        try
        {
            var path = $"{ApplicationPaths.Applications(ns)}?watch=true&allowWatchBookmarks=true&timeoutSeconds={ServerSeconds}&resourceVersion={Uri.EscapeDataString(version)}";
            using var response = await cluster.OpenAsync(path, MetadataOnly, ct);
            if (!response.IsSuccessStatusCode)
            {
                return false;
            }

            await using var stream = await response.Content.ReadAsStreamAsync(ct);
            using var lines = new StreamReader(stream);
            while (await LineAsync(lines, ct) is { } line)
            {
                if (line.Length == 0)
                {
                    continue;
                }

                using var document = JsonDocument.Parse(line);
                if (document.RootElement.Text("type") is null or "ERROR")
                {
                    return worked;
                }

                worked = true;
                Tell(document.RootElement, ns, known, changed);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return worked; // cut off, or silent for longer than the server lets a watch live
        }

        return worked;
    }

    private void Tell(JsonElement @event, string ns, HashSet<string> known, ChannelWriter<ApplicationNews> changed)
    {
        if (@event.Text("type") == "BOOKMARK" || @event.Text("object", "metadata", "name") is not { } name)
        {
            return;
        }

        var isGone = @event.Text("type") == "DELETED";
        _ = isGone ? known.Remove(name) : known.Add(name);
        changed.TryWrite(new(new(instance, ns, name), isGone ? null : SpecWriting.Of(new(@event.At("object")))));
    }

    private async Task<string?> LineAsync(StreamReader lines, CancellationToken ct)
    {
        using var quiet = new Deadline(Quiet, time, ct);
        return await lines.ReadLineAsync(quiet.Token);
    }
}
