using System.Security.Cryptography;
using System.Text.Json;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>From where a watch that ended begins again.</summary>
internal enum WatchNext
{
    /// <summary>From the version that it had reached: what ended it says nothing about that.</summary>
    GoOn,

    /// <summary>From there as well, but the version itself may be what does not work; see <see cref="WatchEnd.MostDoubts"/>.</summary>
    Doubt,

    /// <summary>With a list: the version is forgotten, or of a time that the server does not know.</summary>
    List,
}

/// <summary>How one round of a watch ended. Pure.</summary>
/// <param name="Why">In words, for whoever runs it.</param>
internal sealed record WatchEnd(WatchNext Next, string Why)
{
    /// <summary>In a row, with nothing told in between; then it begins with a list.</summary>
    public const int MostDoubts = 3;

    /// <summary>Bookmarks come each minute: an orderly end after this long without any word is of a version that the server has not reached.</summary>
    private static readonly TimeSpan TooLongSilent = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>What the server asked to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>It was open until now, and nobody was at the other end.</summary>
    public bool WasSilent { get; init; }

    public static WatchEnd Silent { get; } = new(WatchNext.GoOn, "silent for longer than the API server lets a watch live") { WasSilent = true };

    public static WatchEnd Closed(bool hasTold, TimeSpan lived) => !hasTold && lived >= TooLongSilent
        ? new(WatchNext.List, "the API server closed it and had told nothing, not even how far it is")
        : new(WatchNext.GoOn, "the API server closed it");

    public static WatchEnd Cut(string trouble) => new(WatchNext.GoOn, $"the connection was cut: {trouble}");

    /// <param name="reply">To the request to watch, or what an event of type ERROR carries.</param>
    public static WatchEnd Refused(ApiReply reply) => new(
        (int)reply.Status == 410 || reply.Reason is "Expired" or "Gone" ? WatchNext.List : (int)reply.Status == 400 || IsTooLarge(reply.Body) ? WatchNext.Doubt : WatchNext.GoOn,
        reply.Message.Length > 0 ? $"{(int)reply.Status}: {(reply.Message.Length > 200 ? reply.Message[..200] + "…" : reply.Message)}" : $"status {(int)reply.Status}")
    {
        RetryAfter = reply.RetryAfter ?? (reply.Body.Number("details", "retryAfterSeconds") is { } seconds ? ApiReply.Bounded(TimeSpan.FromSeconds(seconds)) : null),
    };

    public static WatchEnd Refused(JsonElement status) => Refused(new ApiReply((System.Net.HttpStatusCode)(status.Number("code") ?? 500), status));

    /// <summary>
    /// Each wait twice the one before, by half a chance of its own: a cluster that comes back is not asked by everybody at
    /// once. What the server asks is the least.
    /// </summary>
    /// <param name="failed">Ends in a row that nothing was told before.</param>
    public TimeSpan PauseAfter(int failed)
    {
        var most = failed > 6 ? LongestPause : FirstPause * (1 << Math.Max(0, failed));
        most = most < LongestPause ? most : LongestPause;
        return RetryAfter is { } asked ? asked + Chance(FirstPause * 2) : (most / 2) + Chance(most / 2);
    }

    private static TimeSpan Chance(TimeSpan most) => TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32((int)most.TotalMilliseconds + 1));

    /// <summary>A replica that lags behind the one before, or a store that was put back to an older state.</summary>
    private static bool IsTooLarge(JsonElement status) =>
        status.Items("details", "causes").Any(cause => cause.Text("reason") == "ResourceVersionTooLarge")
        || status.Text("message")?.Contains("Too large resource version", StringComparison.Ordinal) == true;
}
