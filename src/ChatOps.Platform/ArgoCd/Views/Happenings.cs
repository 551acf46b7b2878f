using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd.Views;

/// <summary>
/// What Argo CD did with an application: its Events, and the beginning of an operation that somebody wrote to the object,
/// for which there is none. Pure.
/// </summary>
internal static class Happenings
{
    private const int LongestWords = 300;

    /// <summary>An Event has whole seconds, and may be of the second before or after.</summary>
    private static readonly TimeSpan SameMoment = TimeSpan.FromSeconds(2);

    /// <summary>Events come late; before that nobody knows that there is none.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(10);

    /// <summary>Argo CD tells of an operation when it is stored, and begins it when it gets to it.</summary>
    private static readonly TimeSpan LongestQueue = TimeSpan.FromMinutes(10);

    /// <summary>The API server forgets Events after an hour: of what began long ago nobody knows any more that there was none.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(30);

    /// <param name="events">Null where the bot may not read them.</param>
    public static IReadOnlyList<Happening> Of(ApplicationJson application, IReadOnlyList<JsonElement>? events, DateTimeOffset now)
    {
        var told = events?.Where(one => one.Text("involvedObject", "name") == application.Name && IsOf(one, application)).ToList();
        return [.. (told ?? []).Select(Read).OfType<Happening>().Concat(Began(application, told, now) is { } began ? [began] : []).OrderBy(one => one.At)];
    }

    /// <summary>Another object of the same name may have been there before.</summary>
    private static bool IsOf(JsonElement one, ApplicationJson application) => one.Text("involvedObject", "uid") is not { Length: > 0 } uid || uid == application.Uid;

    private static Happening? Read(JsonElement one)
    {
        if (MomentOf(one) is not { } at || one.Text("message") is not { Length: > 0 } message)
        {
            return null;
        }

        var times = one.Number("count") ?? one.Number("series", "count") ?? 1;
        var by = one.Text("source", "component") is { Length: > 0 } component ? component : one.Text("reportingComponent") is { Length: > 0 } reporting ? reporting : "argocd";
        return new(at, by, Said(message) + (times > 1 ? $" ({times} times by then)" : ""));
    }

    private static Happening? Began(ApplicationJson application, List<JsonElement>? told, DateTimeOffset now)
    {
        var state = application.OperationState;
        if (state.Time("startedAt") is not { } started || now - started < Late || now - started > Remembered || OurOperation.IsRecorded(state)
            || told?.Any(one => one.Text("reason") == "OperationStarted" && MomentOf(one) is { } at && at > Before(application, started) && at <= started + SameMoment) == true)
        {
            return null;
        }

        // "automated" of the operation before may have been merged into it, a name is its own.
        var name = state.Text("operation", "initiatedBy", "username") is { Length: > 0 } given ? given : null;
        var automated = name is null && state.Flag("operation", "initiatedBy", "automated");
        var by = name ?? (automated ? "auto-sync" : "somebody unnamed");
        var revision = state.Text("operation", "sync", "revision") is { Length: > 0 } asked ? $" to {Commits.Abbreviate(asked)}" : "";
        return new(started, by, automated ? $"A sync{revision} began by itself" : told is null ? $"A sync{revision} began, by {by} as it says itself" : $"A sync{revision} was written to the application, by {by} as it says itself");
    }

    /// <summary>What was told before the deployment before it is of an operation before it.</summary>
    private static DateTimeOffset Before(ApplicationJson application, DateTimeOffset started)
    {
        var queued = started - LongestQueue;
        return application.Raw.Items("status", "history").Select(entry => entry.Time("deployedAt")).Where(at => at < started).Max() is { } deployed && deployed > queued ? deployed : queued;
    }

    /// <summary>What failed at a Secret may be repeated in the message.</summary>
    private static string Said(string message)
    {
        var failed = message.IndexOf(" failed: ", StringComparison.Ordinal);
        var said = failed > 0 && message.Contains("Secret", StringComparison.Ordinal) ? EngineWords.Of(message[..failed]) + " failed (why is not said here, since it is about a Secret)" : EngineWords.Of(message);
        return said.Length > LongestWords ? said[..LongestWords] + " …" : said;
    }

    private static DateTimeOffset? MomentOf(JsonElement one) => one.Time("series", "lastObservedTime") ?? one.Time("lastTimestamp") ?? one.Time("eventTime") ?? one.Time("firstTimestamp") ?? one.Time("metadata", "creationTimestamp");
}
