using System.Text.Json.Serialization;
using ChatOps.Core.Evidence;

namespace ChatOps.Storage.Documents;

internal sealed record UseDocument(
    int Version,
    Guid Grant,
    int Incident,
    bool IsHeard,
    DateTimeOffset? EndHeardAt,
    IReadOnlyList<DeedDocument> Deeds,
    IReadOnlyList<LeftOutDocument> LeftOut,
    IReadOnlyList<string> Remembered,
    DateTimeOffset? LookedAt,
    int News,
    int Told,
    DateTimeOffset? HintedAt,
    DateTimeOffset? SummedUpAt,
    bool IsSettled,
    int Saves,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? ToldOf = null) : IDocument
{
    public static UseDocument From(GrantUse use, int saves) => new(
        DocumentJson.Current,
        use.Grant,
        use.Incident,
        use.IsHeard,
        use.EndHeardAt,
        [.. use.Deeds.Select(DeedDocument.From)],
        [.. use.LeftOut.OrderBy(pair => pair.Key).Select(pair => new LeftOutDocument(pair.Key, pair.Value))],
        use.Remembered,
        use.LookedAt,
        use.News,
        use.Told,
        use.HintedAt,
        use.SummedUpAt,
        use.IsSettled,
        saves,
        use.ToldOf.Count == 0 ? null : use.ToldOf);

    public GrantUse ToUse() => new()
    {
        Grant = Grant,
        Incident = Incident,
        IsHeard = IsHeard,
        EndHeardAt = EndHeardAt,
        Deeds = [.. Deeds.Select(deed => deed.ToDeed())],
        LeftOut = LeftOut.ToDictionary(pair => pair.Kind, pair => pair.Count),
        Remembered = Remembered,
        LookedAt = LookedAt,
        News = News,
        Told = Told,
        HintedAt = HintedAt,
        SummedUpAt = SummedUpAt,
        IsSettled = IsSettled,
        ToldOf = ToldOf ?? [],
        Version = Saves,
    };
}

internal sealed record LeftOutDocument(DeedKind Kind, int Count);

internal sealed record DeedDocument(
    DeedKind Kind,
    string By,
    string? Through,
    string Verb,
    string Group,
    string Resource,
    string? Subresource,
    string? Namespace,
    string? Name,
    IReadOnlyList<string> Fields,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt,
    int Times,
    string? Request,
    DateTimeOffset? ClosedAt,
    bool IsRecorded,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsBeyond = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Or = null)
{
    public static DeedDocument From(Deed deed) => new(
        deed.Kind,
        deed.By,
        deed.Through,
        deed.Verb,
        deed.Target.Group,
        deed.Target.Resource,
        deed.Target.Subresource,
        deed.Target.Namespace,
        deed.Target.Name,
        deed.Fields,
        deed.FirstAt,
        deed.LastAt,
        deed.Times,
        deed.Request,
        deed.ClosedAt,
        deed.IsRecorded,
        deed.IsBeyond,
        deed.Or.Count == 0 ? null : deed.Or);

    public Deed ToDeed() => new()
    {
        Kind = Kind,
        By = By,
        Through = Through,
        Verb = Verb,
        Target = new(Group, Resource, Subresource, Namespace, Name),
        Fields = Fields,
        FirstAt = FirstAt,
        LastAt = LastAt,
        Times = Times,
        Request = Request,
        ClosedAt = ClosedAt,
        IsRecorded = IsRecorded,
        IsBeyond = IsBeyond,
        Or = Or ?? [],
    };
}
