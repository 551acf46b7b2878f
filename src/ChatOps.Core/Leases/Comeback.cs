using ChatOps.Core.Conversation;
using ChatOps.Core.Operations;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;

namespace ChatOps.Core.Leases;

/// <summary>What the engine would deploy if a rollback hold ended now.</summary>
public enum ComebackKind
{
    /// <summary>Git says what runs.</summary>
    Nothing,

    /// <summary>Git says neither what runs nor exactly what was rolled back from. Whether that is still in it, people have to read.</summary>
    SomethingElse,

    /// <summary>Exactly what was rolled back from.</summary>
    TheRelease,

    /// <summary>What Git says could not be learned.</summary>
    NotKnown,
}

/// <summary>
/// What comes back at the end of a rollback hold: what Git says now beside what runs and what was rolled back from. What is
/// not known counts as something that comes back. Pure.
/// </summary>
/// <param name="Sources">Those that say something else than what runs, or of which nothing is known.</param>
public sealed record Comeback(ComebackKind Kind, IReadOnlyList<SourceNow> Sources)
{
    private const int MostTold = 5;

    public bool Comes => Kind != ComebackKind.Nothing;

    /// <summary>What people were shown, as it is kept with the question; a press counts for no other.</summary>
    public string Mark => $"Git says={string.Join(',', Sources.Select(source => $"{source.Place} {source.Now ?? "not known"}"))}";

    /// <summary>What comes, and by whom as far as Git tells. Empty where nothing does.</summary>
    public Text InWords => Kind == ComebackKind.Nothing ? Text.Empty : Headline + new Text([.. Sources.SelectMany(source => Told(source).Runs)]);

    /// <summary>The application could not be read.</summary>
    public static Comeback Unread(InsteadOfGit instead, string why) =>
        new(ComebackKind.NotKnown, [.. instead.Runs.Select((runs, at) => new SourceNow(at, runs, At(instead.From, at), null, null, why))]);

    /// <param name="looks">One for each source; null where Git was not asked, since it is no branch or no repository of Git's.</param>
    public static Comeback Of(InsteadOfGit instead, ApplicationFacts facts, IReadOnlyList<BranchLook?> looks)
    {
        var compared = facts.Syncing.Revisions;
        var runs = facts.Syncing.History is [var newest, ..] ? newest.Revisions : instead.Runs;
        var sources = facts.TargetRevisions.Select((follows, at) => new SourceNow(
            at,
            At(runs, at),
            At(instead.From, at),
            (At(looks, at) as BranchLook.Found)?.Commit ?? (Commits.IsWhole(follows) ? follows : At(compared, at)),
            At(looks, at) as BranchLook.Found,
            At(looks, at) switch { BranchLook.Silent silent => silent.Why, BranchLook.Absent => $"it has no branch {follows}", _ => null })).ToList();
        var others = sources.Where(source => source.Now is null || source.Now != source.Runs).ToList();
        var kind = others.Count == 0 ? ComebackKind.Nothing
            : others.Exists(source => source.Now is null) ? ComebackKind.NotKnown
            : others.Exists(source => source.Now == source.From) ? ComebackKind.TheRelease
            : IsTheSame(facts, sources) ? ComebackKind.Nothing
            : ComebackKind.SomethingElse;
        return new(kind, others);
    }

    /// <summary>The engine has compared with what Git says now and finds nothing to deploy, whatever the commit is called.</summary>
    private static bool IsTheSame(ApplicationFacts facts, List<SourceNow> sources) =>
        facts is { Sync: SyncState.Synced, RefreshPending: false, Skip: null } && sources.TrueForAll(source => source.Now == At(facts.Syncing.Revisions, source.Place));

    private static T? At<T>(IReadOnlyList<T> list, int at)
        where T : class? => at < list.Count ? list[at] : null;

    private Text Headline => Kind switch
    {
        ComebackKind.TheRelease => Text.Of($"{"What was rolled back from comes back":b}: Git still says {Revisions(source => source.Now):code}, and Argo CD would deploy it within seconds. "),
        ComebackKind.NotKnown => Text.Of($"What Git says now is {"not known":b}{(Sources.Select(source => source.Silent).OfType<string>().FirstOrDefault() is { } why ? $" ({why})" : "")}, so what was rolled back from{From} may come back with it. "),
        ComebackKind.SomethingElse => Text.Of($"{"Something else comes":b}: Git says {Revisions(source => source.Now):code}, {Revisions(source => source.Runs):code} runs, and Argo CD would deploy the first within seconds. Whether what was rolled back from{From} is still in it I cannot tell: read the commits. "),
        ComebackKind.Nothing => Text.Empty,
    };

    private string From => Sources.Any(source => source.From is not null) ? $" ({Revisions(source => source.From)})" : "";

    private static Text Told(SourceNow source) => source switch
    {
        { Now: null } => Text.Empty,
        { Look.Since: { Count: > 0 } since } => Text.Of($"Since {Commits.Abbreviate(source.Runs ?? ""):code} Git has {(since.Count == 1 ? "1 commit" : $"{since.Count} commits")} more, the newest first: ")
            + Text.Lines(since.Take(MostTold).Select(one => Text.Of($"{Commits.Abbreviate(one.Commit):code} by {one.Note.Author} as it says itself, “{one.Note.Message}”")))
            + Text.Of($"{(since.Count > MostTold ? $" and {since.Count - MostTold} before these" : "")}.{(source.Look.Merges ? " A merge is among them; what it brought in besides is not listed here." : "")} "),
        { Look.Note: { } note } => Text.Of($"Its newest commit {Commits.Abbreviate(source.Now):code} is by {note.Author} as it says itself, “{note.Message}”; that it was made on top of {Commits.Abbreviate(source.Runs ?? ""):code} is not known. "),
        { Silent: { } why } => Text.Of($"Which commits that are could not be read: {why}. "),
        _ => Text.Empty,
    };

    private string Revisions(Func<SourceNow, string?> which) => string.Join(", ", Sources.Select(source => which(source) is { } revision ? Commits.Abbreviate(revision) : "not known"));
}

/// <summary>One source of an application under a rollback hold.</summary>
/// <param name="Runs">What was deployed from it last.</param>
/// <param name="From">What was deployed from it when the rollback was asked for; null where that was not noted.</param>
/// <param name="Now">What Git says: as Git itself answers, else as the engine has compared last; null when neither tells.</param>
/// <param name="Look">What came since what runs, where Git could be asked.</param>
/// <param name="Silent">Why it could not.</param>
public sealed record SourceNow(int Place, string? Runs, string? From, string? Now, BranchLook.Found? Look, string? Silent);
