namespace ChatOps.Core.Evidence;

/// <summary>Why something that was done is kept. Each has room of its own, so that a flood of one hides nothing of another.</summary>
public enum DeedKind
{
    /// <summary>By the person who has the access.</summary>
    Change,

    /// <summary>A shell, a forwarded port, a log that is followed: what runs in it is seen by nobody here.</summary>
    Stream,

    /// <summary>By that person, and it can let somebody in after the end.</summary>
    Lasting,

    /// <summary>By somebody else, in the same place meanwhile.</summary>
    ByOthers,

    /// <summary>Read off live objects where no audit log tells: a tool and a second, and a guess as to who.</summary>
    Guessed,

    /// <summary>By the person, as Argo CD tells of those who ask it.</summary>
    ToldByEngine,
}

/// <summary>Something that was done, as an API server's audit log tells it; the same again is the same deed.</summary>
public sealed record Deed
{
    public required DeedKind Kind { get; init; }

    /// <summary>Whose rights counted, in the cluster's words.</summary>
    public required string By { get; init; }

    /// <summary>Who acted as them; null when it was they themselves.</summary>
    public string? Through { get; init; }

    public required string Verb { get; init; }

    public required DeedObject Target { get; init; }

    /// <summary>What it changed, as far as the request says, with nothing secret in it.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    public required DateTimeOffset FirstAt { get; init; }

    public required DateTimeOffset LastAt { get; init; }

    public int Times { get; init; } = 1;

    /// <summary>Of a stream: the request that opened it.</summary>
    public string? Request { get; init; }

    /// <summary>Of a stream: when the API server said that it is over.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>The access does not allow it, as that was approved: it was done by other rights of the person.</summary>
    public bool IsBeyond { get; init; }

    /// <summary>Short ids of other access of the person that allows it as well.</summary>
    public IReadOnlyList<string> Or { get; init; } = [];

    /// <summary>It is on the incident's timeline.</summary>
    public bool IsRecorded { get; init; }

    /// <summary>As far as the API server told.</summary>
    public bool IsOpen => Kind == DeedKind.Stream && ClosedAt is null;

    public static Deed Of(AuditNotice notice, DeedKind kind) => new()
    {
        Kind = kind,
        By = notice.Actor,
        Through = notice.As is null ? null : notice.User,
        Verb = notice.Verb,
        Target = notice.Target,
        Fields = notice.Fields,
        FirstAt = notice.At,
        LastAt = notice.At,
        Request = kind == DeedKind.Stream ? notice.Request : null,
        ClosedAt = kind == DeedKind.Stream && notice.Stage == AuditStage.Complete ? notice.StageAt : null,
    };

    /// <summary>A stream is itself alone.</summary>
    public bool IsSameAs(Deed other) => Kind == other.Kind && By == other.By && Through == other.Through && Verb == other.Verb
        && Target == other.Target && Request == other.Request && Fields.SequenceEqual(other.Fields)
        && (Kind == DeedKind.Stream || (IsBeyond == other.IsBeyond && Or.SequenceEqual(other.Or)));

    public Deed Again(Deed other) => this with
    {
        Times = Times + other.Times,
        FirstAt = other.FirstAt < FirstAt ? other.FirstAt : FirstAt,
        LastAt = other.LastAt > LastAt ? other.LastAt : LastAt,
    };
}
