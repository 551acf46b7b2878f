namespace ChatOps.Core;

/// <summary>
/// Whether this machine's clock agrees with that of whom it talks to. A wrong clock refuses genuine clicks and ends overrides
/// and access at the wrong moment, and nothing else shows it.
/// </summary>
public static class ClockCheck
{
    /// <summary>HTTP tells whole seconds, and the answer was on its way.</summary>
    private static readonly TimeSpan Close = TimeSpan.FromSeconds(30);

    /// <param name="theirs">What the answer's <c>Date</c> said; null when it said nothing.</param>
    public static Finding Of(string whose, DateTimeOffset? theirs, DateTimeOffset ours) => theirs switch
    {
        null => Finding.Unseen($"{whose} does not tell its time, so the clock here was not compared", "Compare `date -u` on this machine with a clock you trust."),
        { } there when (ours - there).Duration() <= Close => Finding.Good($"The clock here agrees with that of {whose}"),
        { } there => Finding.Problem(
            $"The clock here is {(ours - there).Duration():d\\.hh\\:mm\\:ss} {(ours > there ? "ahead of" : "behind")} that of {whose}",
            "Let this machine follow a time server (chrony, systemd-timesyncd): at five minutes every click is refused as too old, and overrides and access end at the wrong moment."),
    };
}
