using ChatOps.Core.Conversation;
using ChatOps.Core.People;

namespace ChatOps.Core.Evidence;

/// <summary>How people are told what was done with access.</summary>
internal static class UseTexts
{
    private const int MostFields = 4;
    private const int MostInASentence = 3;

    /// <summary>"7 changes and 1 stream", or "nothing".</summary>
    public static string HowMuch(GrantUse use)
    {
        string[] parts = [.. Some(use.Changes, "change"), .. Some(use.Count(DeedKind.Stream), "stream")];
        return parts.Length == 0 ? "nothing" : string.Join(" and ", parts);
    }

    /// <summary>Beside a grant in a list; nothing where nothing is known.</summary>
    public static Text SoFar(GrantUse? use) => use switch
    {
        { IsUsed: true } => Text.Of($" · Used so far: {HowMuch(use)}."),
        { IsHeard: true, ToldOf: [] } => " · No change so far.",
        { IsHeard: true, ToldOf: var others } => Text.Of($" · No change so far that is not told of {string.Join(", ", others):code}."),
        _ => Text.Empty,
    };

    public static Text Line(Deed deed) => What(deed) + By(deed);

    /// <summary>By which rights, where those of the one access are not all that there is to say.</summary>
    public static Text By(Deed deed) => deed.IsBeyond ? "; this access does not allow that as it was approved, so it was by other rights, or its role was changed"
        : deed.Or.Count > 0 ? Text.Of($"; {string.Join(", ", deed.Or):code} allows that too, so which of them was used is a guess")
        : Text.Empty;

    public static Text What(Deed deed) =>
        deed.Kind == DeedKind.ToldByEngine ? Text.Of($"is named by Argo CD: {string.Join(", ", deed.Fields):code}") :
        deed.Kind == DeedKind.Guessed ? Text.Of($"wrote {deed.Target.ToString():code}{(deed.Target.Namespace is { } place ? $" in {place}" : "")}") + Named(deed.Fields) :
        Text.Of($"{Did(deed)} {deed.Target.ToString():code}{(deed.Target.Namespace is { } ns ? $" in {ns}" : "")}") + (deed is { Verb: "update", Fields: [], Kind: not DeedKind.Stream } ? " as a whole, which does not tell what changed in it" : Named(deed.Fields)) + Often(deed) + Still(deed);

    /// <summary>Who, as people know them; and through whom, where somebody acted as somebody else.</summary>
    public static string Who(Deed deed, Register register)
    {
        var who = register.People.Where(person => person.KubernetesUser == deed.By).ToList() is [var only] ? only.DisplayName : deed.By;
        return deed.Through is { } through ? $"{through}, acting as {who}," : who;
    }

    /// <summary>The first of them, and how many more.</summary>
    public static Text Few(IReadOnlyList<Deed> deeds)
    {
        var said = deeds.Take(MostInASentence).Select(Line).ToList();
        var text = said.Skip(1).Aggregate(said[0], (sentence, line) => sentence + "; " + line);
        return deeds.Count > said.Count ? text + Text.Of($"; and {deeds.Count - said.Count} more") : text;
    }

    /// <summary>What may outlive the end, and the way to be rid of it. Names only: nobody here reads a Secret.</summary>
    public static Text Remedy(DeedObject target) => target switch
    {
        { Resource: "serviceaccounts", Subresource: "token" } => "a token that was issued is good until it expires; deleting the service account ends it",
        { Resource: "secrets" } => "whether it holds a token is not looked at; delete it if nobody needs it",
        _ => Text.Of($"delete it if nobody needs it: {Delete(target):code}"),
    };

    public static string Delete(DeedObject target) =>
        $"kubectl delete {target.Kind} {target.Name ?? "<name>"}{(target.Namespace is { } ns ? $" -n {ns}" : "")}";

    private static string Did(Deed deed) => (deed.Kind, deed.Verb, deed.Target.Subresource) switch
    {
        (DeedKind.Stream, _, "exec") => "ran something in",
        (DeedKind.Stream, _, "attach") => "attached to",
        (DeedKind.Stream, _, "portforward") => "forwarded a port by",
        (DeedKind.Stream, _, _) => "followed the log by",
        (_, "create", "token") => "had a token issued by",
        (_, "create", "eviction") => "evicted by",
        (_, "create", _) => "created",
        (_, "update", _) => "replaced",
        (_, "patch", _) => "patched",
        (_, "delete", _) => "deleted",
        (_, "deletecollection", _) => "deleted all that matched of",
        (_, var verb, _) => $"did {verb} on",
    };

    private static Text Named(IReadOnlyList<string> fields) => fields.Count == 0 ? Text.Empty
        : Text.Of($": {string.Join(", ", fields.Take(MostFields)):code}") + (fields.Count > MostFields ? Text.Of($" and {fields.Count - MostFields} more") : Text.Empty);

    private static Text Often(Deed deed) => deed.Times > 1 ? Text.Of($", {deed.Times} times until {deed.LastAt}") : Text.Empty;

    private static Text Still(Deed deed) => deed.Kind != DeedKind.Stream ? Text.Empty : deed.ClosedAt is { } closed ? Text.Of($", closed {closed}") : ", not known to be closed";

    private static string[] Some(int count, string noun) => count switch
    {
        0 => [],
        1 => [$"1 {noun}"],
        _ => [$"{count} {noun}s"],
    };
}
