using ChatOps.Core.Grants;

namespace ChatOps.Core.Evidence;

/// <summary>
/// What was done with one grant, and around it, as far as an API server's audit log told. Kept beside the grant and not in
/// it: a flood of events must never be in the way of its end.
/// </summary>
public sealed record GrantUse
{
    /// <summary>Of each kind; what comes after is counted.</summary>
    private const int MostOfAKind = 40;

    /// <summary>An API server sends a batch again when its answer was lost, some hundred events within seconds.</summary>
    private const int MostRemembered = 2000;

    /// <summary>The clusters' clocks are not ours, and batches come late.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan EndIsAwaited = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LooksAgain = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LateNews = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan OpenStreamsAreAwaited = TimeSpan.FromHours(24);

    public required Guid Grant { get; init; }

    public required int Incident { get; init; }

    /// <summary>The audit log told that this access was given: what it does not tell of after that, was not done through that API server.</summary>
    public bool IsHeard { get; init; }

    /// <summary>When the audit log told of its end.</summary>
    public DateTimeOffset? EndHeardAt { get; init; }

    public IReadOnlyList<Deed> Deeds { get; init; } = [];

    /// <summary>How much more there was of each kind than there is room for.</summary>
    public IReadOnlyDictionary<DeedKind, int> LeftOut { get; init; } = new Dictionary<DeedKind, int>();

    /// <summary>Keys of the events that were heard last.</summary>
    public IReadOnlyList<string> Remembered { get; init; } = [];

    /// <summary>Short ids of other access of the same person of which deeds are told that this one allowed too.</summary>
    public IReadOnlyList<string> ToldOf { get; init; } = [];

    /// <summary>When live objects were looked at last, where no audit log tells.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>Counts what is news to people.</summary>
    public int News { get; init; }

    /// <summary>How much of that they were told.</summary>
    public int Told { get; init; }

    /// <summary>When the person was told that they do not use it.</summary>
    public DateTimeOffset? HintedAt { get; init; }

    /// <summary>When the thread was told, after the end, what it was used for.</summary>
    public DateTimeOffset? SummedUpAt { get; init; }

    /// <summary>Nothing more is listened for.</summary>
    public bool IsSettled { get; init; }

    /// <summary>Counts saves; 0 was never saved.</summary>
    public int Version { get; init; }

    /// <summary>By the person, however often.</summary>
    public int Changes => Count(DeedKind.Change) + Count(DeedKind.Lasting);

    public bool IsUsed => Changes > 0 || Count(DeedKind.Stream) > 0;

    /// <summary>What the audit log told of the person, in the order it was done: a batch that had to be brought again comes after later ones.</summary>
    public IReadOnlyList<Deed> Own => [.. Deeds.Where(deed => deed.Kind is DeedKind.Change or DeedKind.Lasting or DeedKind.Stream).OrderBy(deed => deed.FirstAt)];

    public static GrantUse Of(Grant grant) => new() { Grant = grant.Id, Incident = grant.Incident };

    public IEnumerable<Deed> OfKind(DeedKind kind) => Deeds.Where(deed => deed.Kind == kind);

    public int Count(DeedKind kind) => OfKind(kind).Sum(deed => deed.Times) + LeftOut.GetValueOrDefault(kind);

    /// <summary>Takes in one event that belongs here; the same event again changes nothing.</summary>
    /// <param name="beyond">This grant does not allow that.</param>
    /// <param name="or">Short ids of other access that allows it as well.</param>
    public GrantUse Hear(AuditNotice notice, DeedKind kind, bool beyond = false, IReadOnlyList<string>? or = null)
    {
        if (Remembered.Contains(notice.Key))
        {
            return this;
        }

        var known = this with { Remembered = [.. Remembered.Skip(Math.Max(0, Remembered.Count - MostRemembered + 1)), notice.Key] };
        var deed = Deed.Of(notice, kind) with { IsBeyond = beyond, Or = or ?? [] };
        return Deeds.FirstOrDefault(deed.IsSameAs) is { } same
            ? known.HearAgain(same, deed)
            : OfKind(kind).Count() < MostOfAKind
                ? known with { Deeds = [.. Deeds, deed], News = News + 1 }
                : known with { LeftOut = new Dictionary<DeedKind, int>(LeftOut) { [kind] = LeftOut.GetValueOrDefault(kind) + (kind == DeedKind.Stream && notice.Stage == AuditStage.Complete ? 0 : 1) }, News = News + 1 };
    }

    /// <summary>Takes in what a look at live objects, or at what Argo CD tells, found: all of one kind. What was found before is no news.</summary>
    public GrantUse Look(IEnumerable<Deed> written, DateTimeOffset now)
    {
        var news = written.Where(deed => !Deeds.Any(known => known.IsSameAs(deed) && known.FirstAt == deed.FirstAt)).ToList();
        var kind = news is [var first, ..] ? first.Kind : DeedKind.Guessed;
        var room = Math.Max(0, MostOfAKind - OfKind(kind).Count());
        return this with
        {
            LookedAt = now,
            Deeds = [.. Deeds, .. news.Take(room)],
            LeftOut = news.Count <= room ? LeftOut : new Dictionary<DeedKind, int>(LeftOut) { [kind] = news.Count - room },
            News = News + Math.Min(room, news.Count),
        };
    }

    /// <summary>What this one allowed too is told of another.</summary>
    public GrantUse ToldWith(string other) => ToldOf.Contains(other) ? this : this with { ToldOf = [.. ToldOf, other] };

    /// <summary>The API server told that the binding of this grant is there.</summary>
    public GrantUse HearGiven() => IsHeard ? this : this with { IsHeard = true };

    public GrantUse HearEnded(DateTimeOffset now) => EndHeardAt is null ? this with { EndHeardAt = now } : this;

    /// <summary>What people have to be told of by now; null: nothing.</summary>
    public UseStep? Due(Grant grant, TimeSpan idleAfter, TimeSpan noticeBefore, DateTimeOffset now)
    {
        if (grant.State == GrantState.Void || (SummedUpAt is not null && News == Told && !IsWaiting(now)))
        {
            return UseStep.Settle;
        }

        if (grant.State == GrantState.Ended && SummedUpAt is null && (EndHeardAt is { } heard ? now >= heard + Settling : now >= grant.EndedAt + EndIsAwaited))
        {
            return UseStep.SumUp;
        }

        return News != Told ? UseStep.Tell
            : !IsHeard && grant is { State: GrantState.Active, GivenAt: { } given } && now >= (LookedAt ?? given) + LooksAgain ? UseStep.Look
            : IsIdle(grant, idleAfter, now) && now < grant.EndsAt - noticeBefore ? UseStep.Hint
            : null;
    }

    /// <summary>All is said, and only late news is awaited: whoever looks at thousands need not look at this one.</summary>
    public bool IsWaiting(DateTimeOffset now) => SummedUpAt is { } at && News == Told && now < at + (Deeds.Any(deed => deed.IsOpen) ? OpenStreamsAreAwaited : LateNews);

    /// <summary>Only where it is known: an audit log that is silent about the grant itself may be silent about its use, and it tells of no reading.</summary>
    private bool IsIdle(Grant grant, TimeSpan idleAfter, DateTimeOffset now) =>
        idleAfter > TimeSpan.Zero && IsHeard && grant.Scope.MayChange && !IsUsed && ToldOf.Count == 0 && HintedAt is null && grant is { State: GrantState.Active, GivenAt: { } given } && now >= given + idleAfter;

    private GrantUse HearAgain(Deed same, Deed deed)
    {
        if (same.Kind != DeedKind.Stream)
        {
            return Replace(same, same.Again(deed)) with { News = News + 1 };
        }

        // Both ends of one stream, in whatever order they came.
        return deed.ClosedAt is null || same.ClosedAt is not null ? this : Replace(same, same with { ClosedAt = deed.ClosedAt }) with { News = News + 1 };
    }

    private GrantUse Replace(Deed old, Deed next) => this with { Deeds = [.. Deeds.Select(deed => ReferenceEquals(deed, old) ? next : deed)] };
}

/// <summary>What is due of a grant's use.</summary>
public enum UseStep
{
    Tell,
    Look,
    Hint,
    SumUp,
    Settle,
}
