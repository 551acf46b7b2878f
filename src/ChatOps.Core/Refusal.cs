using ChatOps.Core.Conversation;

namespace ChatOps.Core;

/// <summary>An expected "no": what cannot be done and what to do instead, in one breath. Never an exception.</summary>
public sealed record Refusal(RefusalKind Kind, Text Why)
{
    /// <summary>What the person can do now.</summary>
    public Text Instead { get; init; } = Text.Empty;

    public Card ToCard() => Card.Note(Kind.Title(), Tone.Warning, Instead.Runs.Count == 0 ? [Why] : [Why, Instead]);
}

/// <summary>What sort of no, for tests, metrics and titles.</summary>
public enum RefusalKind
{
    NotUnderstood,
    UnknownPerson,
    NotAllowed,
    OwnRequest,
    AlreadyDecided,
    AlreadyVoted,
    TooLate,
    PlanMoved,
    NotFound,
    Ambiguous,
    NotPossible,
    StillOpen,
    ClusterSaidNo,
    ClusterSilent,
    GitSilent,
    ChatSilent,
}

/// <summary>Headlines of refusals, for people.</summary>
public static class RefusalKindTitles
{
    public static string Title(this RefusalKind kind) => kind switch
    {
        RefusalKind.NotUnderstood => "I did not understand that",
        RefusalKind.UnknownPerson => "I do not know who you are",
        RefusalKind.NotAllowed => "The policy does not allow that",
        RefusalKind.OwnRequest => "That is your own request",
        RefusalKind.AlreadyDecided => "Already decided",
        RefusalKind.AlreadyVoted => "You already voted",
        RefusalKind.TooLate => "Too late",
        RefusalKind.PlanMoved => "The target has changed",
        RefusalKind.NotFound => "Not found",
        RefusalKind.Ambiguous => "Which one?",
        RefusalKind.NotPossible => "That would not work",
        RefusalKind.StillOpen => "Not yet",
        RefusalKind.ClusterSaidNo => "The cluster refused",
        RefusalKind.ClusterSilent => "The cluster does not answer",
        RefusalKind.GitSilent => "The Git host does not answer",
        RefusalKind.ChatSilent => "The chat system does not answer",
    };
}
