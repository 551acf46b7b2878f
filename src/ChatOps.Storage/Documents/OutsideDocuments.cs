using System.Text.Json.Serialization;
using ChatOps.Core.Outside;

namespace ChatOps.Storage.Documents;

internal sealed record BaselineDocument(
    int Version,
    ApplicationDocument Application,
    string Uid,
    bool AutoSyncOn,
    ValueAtDocument Automated,
    bool Skips,
    IReadOnlyList<ValueAtDocument> Revisions,
    int Saves) : IDocument
{
    public static BaselineDocument From(Baseline baseline, int saves) => new(
        DocumentJson.Current,
        ApplicationDocument.From(baseline.Application),
        baseline.Uid,
        baseline.AutoSyncOn,
        ValueAtDocument.From(baseline.Automated),
        baseline.Skips,
        [.. baseline.Revisions.Select(ValueAtDocument.From)],
        saves);

    public Baseline ToBaseline() => new()
    {
        Application = Application.ToRef(),
        Uid = Uid,
        AutoSyncOn = AutoSyncOn,
        Automated = Automated.ToValue(),
        Skips = Skips,
        Revisions = [.. Revisions.Select(revision => revision.ToValue())],
        Version = Saves,
    };
}

/// <summary>Since when the applications of one instance are looked at.</summary>
internal sealed record WatchedDocument(int Version, string Instance, DateTimeOffset Since) : IDocument;

internal sealed record KnownWindowsDocument(int Version, string Instance, IReadOnlyDictionary<string, IReadOnlyList<string>> Projects, int Saves) : IDocument
{
    public static KnownWindowsDocument From(KnownWindows known, int saves) => new(DocumentJson.Current, known.Instance, known.Projects, saves);

    public KnownWindows ToKnown() => new(Instance, Projects) { Version = Saves };
}

/// <summary>A window from outside, as an alert carries it.</summary>
internal sealed record WindowDocument(
    string Project, string Json, string Words, bool Denies, bool ByHandToo, string? By, DateTimeOffset? At, DateTimeOffset? OpenUntil, DateTimeOffset? OpensAt, IReadOnlyList<ApplicationDocument> Reaches,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TakeOut = null)
{
    public static WindowDocument? From(OutsideWindow? window) => window is null
        ? null
        : new(window.Project, window.Json, window.Words, window.Denies, window.ByHandToo, window.By, window.At, window.OpenUntil, window.OpensAt, [.. window.Reaches.Select(ApplicationDocument.From)], window.TakeOut);

    public OutsideWindow ToWindow() => new(Project, Json, Words, Denies, ByHandToo, By, At, OpenUntil, OpensAt, [.. Reaches.Select(one => one.ToRef())]) { TakeOut = TakeOut };
}

/// <summary>An override from outside, as an alert and a lease carry it.</summary>
internal sealed record OverrideDocument(OutsideKind Kind, string? By, DateTimeOffset? At, IReadOnlyList<MovedDocument> Fields,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] WindowDocument? Window = null)
{
    public static OverrideDocument? From(OutsideOverride? made) => made is null
        ? null
        : new(made.Kind, made.By, made.At, [.. made.Fields.Select(moved => new MovedDocument(ValueAtDocument.From(moved.Before), moved.Seen))], WindowDocument.From(made.Window));

    public OutsideOverride ToOverride() => new(Kind, By, At, [.. Fields.Select(moved => new MovedField(moved.Before.ToValue(), moved.Seen))]) { Window = Window?.ToWindow() };
}

internal sealed record MovedDocument(ValueAtDocument Before, string? Seen);

internal sealed record TakenDocument(string Owner, int Incident, Guid Lease, DateTimeOffset Until);
