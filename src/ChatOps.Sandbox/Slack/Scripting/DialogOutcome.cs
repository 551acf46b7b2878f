using ChatOps.Sandbox.Slack.Wire;

namespace ChatOps.Sandbox.Slack.Scripting;

/// <summary>What became of a submission: closed, or still open with problems under its inputs (by block id; "" for the whole dialog).</summary>
public sealed record DialogOutcome(bool IsClosed, IReadOnlyDictionary<string, string> Problems)
{
    /// <summary>Null when Slack did not even ask the app, because a required input was empty or a text too long.</summary>
    public Delivery? Delivery { get; init; }
}
