using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>Where a watch may begin, or why it cannot yet.</summary>
internal sealed record WatchStart(string? Version, WatchEnd? Trouble = null);

/// <summary>
/// The objects of one collection, followed for ever. A watch ends all the time: the server closes it, is busy (429), restarts,
/// the connection is cut. It goes on from the last version that it was told, bookmarks included. Only where that version is
/// forgotten (410), or cannot be right, does it begin again.
/// </summary>
internal sealed class CollectionWatch(ClusterApi cluster, string path, TimeProvider time)
{
    private const int ServerSeconds = 240;
    private const string Whole = "application/json";
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(ServerSeconds + 30);
    private static readonly TimeSpan ReadRefusal = TimeSpan.FromSeconds(10);
    private string? version;
    private string? forgotten;
    private bool hasTold;

    public WatchPulse Pulse { get; } = new(time);

    /// <param name="begin">
    /// Begins with a list, given the version that was forgotten, if it was. Null: the server tells first of all that there is,
    /// as added.
    /// </param>
    /// <param name="tell">Each event, bookmarks included; it is gone when this returns.</param>
    public async Task FollowAsync(Func<string?, CancellationToken, Task<WatchStart>>? begin, Action<JsonElement> tell, CancellationToken ct)
    {
        (version, forgotten) = (null, null); // whoever reads anew has missed what came meanwhile
        for (int failed = 0, doubts = 0; !ct.IsCancellationRequested;)
        {
            WatchEnd end;
            hasTold = false;
            try
            {
                end = await RoundAsync(begin, tell, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // One collection whose watch breaks is told as not alive and begun again; it takes no other with it.
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

            Pulse.Ended(end);
            await Task.Delay(end.PauseAfter(failed), time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<WatchEnd> RoundAsync(Func<string?, CancellationToken, Task<WatchStart>>? begin, Action<JsonElement> tell, CancellationToken ct)
    {
        if (version is null && begin is not null)
        {
            var start = await begin(forgotten, ct);
            forgotten = null;
            if (start.Trouble is { } trouble)
            {
                return trouble;
            }

            version = start.Version ?? "0";
        }

        try
        {
            return await FollowFromAsync(version, tell, ct);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return WatchEnd.Cut(e.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Pulse.IsOpen ? WatchEnd.Silent : WatchEnd.Cut("no answer in time");
        }
    }

    private async Task<WatchEnd> FollowFromAsync(string? from, Action<JsonElement> tell, CancellationToken ct)
    {
        var query = $"{path}?watch=true&allowWatchBookmarks=true&timeoutSeconds={ServerSeconds}{(from is null ? "" : $"&resourceVersion={Uri.EscapeDataString(from)}")}";
        using var response = await cluster.OpenAsync(query, Whole, ct);
        if (!response.IsSuccessStatusCode)
        {
            using var patience = new Deadline(ReadRefusal, time, ct);
            return WatchEnd.Refused(await ClusterApi.ReplyAsync(response, time, patience.Token));
        }

        var opened = time.GetUtcNow();
        Pulse.Opened();
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        await foreach (var @event in EventsAsync(stream, ct))
        {
            using (@event)
            {
                var type = @event.RootElement.Text("type");
                if (type is null or "ERROR")
                {
                    return WatchEnd.Refused(@event.RootElement.At("object"));
                }

                tell(@event.RootElement);
                Pulse.Told();
                if (from is null && type == "ADDED")
                {
                    continue; // all that there is, in no order: to go on from the version of one of them would tell older ones of others again
                }

                version = @event.RootElement.Text("object", "metadata", "resourceVersion") ?? version;
                hasTold = true;
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
}
