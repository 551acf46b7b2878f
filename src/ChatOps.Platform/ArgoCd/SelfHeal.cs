using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// When self-heal acts next. It backs off from one revert to the next, for minutes; so a quiet minute proves nothing, but
/// the moment can be computed.
/// </summary>
internal static class SelfHeal
{
    private const double FirstSeconds = 2;
    private const double Factor = 3;
    private const double LongestSeconds = 300;

    public static DateTimeOffset NextRevert(ApplicationJson application, DateTimeOffset now)
    {
        var state = application.OperationState;
        var attempts = state.Number("operation", "sync", "autoHealAttemptsCount") ?? 0;
        var isOfThisRevision = state.Text("syncResult", "revision") == application.Raw.Text("status", "sync", "revision");
        if (attempts <= 0 || !isOfThisRevision || state.Time("finishedAt") is not { } finished)
        {
            return now;
        }

        var due = finished + Delay(attempts);
        return due > now ? due : now;
    }

    internal static TimeSpan Delay(int attempts) =>
        TimeSpan.FromSeconds(Math.Min(FirstSeconds * Math.Pow(Factor, attempts - 1), LongestSeconds));
}
