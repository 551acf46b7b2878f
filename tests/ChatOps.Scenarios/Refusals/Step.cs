namespace ChatOps.Scenarios.Refusals;

/// <summary>The chapters of the story, in order.</summary>
public enum Step
{
    Declare,

    /// <summary>A pause is asked for that a set would take back, and in whose project no window would hold, and refused with the reason; the child of a parent is looked at.</summary>
    AskInVain,

    Ask,
    Approve,
    Hold,

    /// <summary>The status, by command and in the thread.</summary>
    Look,

    /// <summary>The end is near: the owner is asked in a direct message.</summary>
    Warn,

    /// <summary>In the dialog of that message where it came, else by command.</summary>
    Extend,

    Resume,

    /// <summary>That Argo CD applies what Git says is seen, and said.</summary>
    Settle,

    Close,
}
