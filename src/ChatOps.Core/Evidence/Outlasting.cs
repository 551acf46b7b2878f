using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.People;

namespace ChatOps.Core.Evidence;

/// <summary>What may outlive access that has ended: found, named, and with what to do about it. Pure.</summary>
internal static class Outlasting
{
    private const int MostLines = 10;

    /// <summary>Null: all was looked at, and nothing was found.</summary>
    public static Text? Of(Grant grant, GrantUse use, Leftovers left, Register register)
    {
        var made = use.OfKind(DeedKind.Lasting).Where(deed => !IsDeletedSince(deed, use)).ToList();
        List<Text> lines =
        [
            .. made.Select(deed => Text.Of($"{UseTexts.Who(deed, register)} ") + UseTexts.Line(deed) + Text.Of($" ({deed.LastAt}): ") + UseTexts.Remedy(deed.Target) + "."),
            .. use.Deeds.Where(deed => deed.IsOpen).Select(deed => UseTexts.Line(deed) + Text.Of($" (since {deed.FirstAt}). The end of access does not close it; {$"kubectl delete pod {deed.Target.Name} -n {deed.Target.Namespace}":code} does.")),
            .. left.Found.Where(found => IsNews(found, use, made)).Select(found => Text.Of($"{found.What:code} came to be {found.At}{(use.IsHeard ? "" : ", by whom is not known")}: {found.Remedy}.")),
        ];
        var unseen = left.NotSeen.Count == 0 ? [] : new[] { Text.Of($"Not looked at: {string.Join("; ", left.NotSeen)}.") };
        if (lines.Count == 0)
        {
            return unseen.Length == 0 ? null : Text.Lines([GrantTexts.Whose(grant, register) + Text.Of($" has ended. Whether something outlives it is not fully known."), .. unseen]);
        }

        var head = GrantTexts.Whose(grant, register) + Text.Of($" has ended, and this may {"outlive it":b}. I take none of it away.");
        var tail = lines.Count > MostLines ? [$"{lines.Count - MostLines} more like these; the record of incident {grant.Incident} has what the audit log told."] : Array.Empty<Text>();
        return Text.Lines([head, .. lines.Take(MostLines), .. tail, .. unseen]);
    }

    private static bool IsDeletedSince(Deed deed, GrantUse use) => use.Deeds.Any(other =>
        other.Verb == "delete" && other.LastAt > deed.LastAt && other.Target == deed.Target with { Subresource = null });

    /// <summary>The audit log tells who made what; where it does, what others made is theirs. Tokens of Argo CD are not in it.</summary>
    private static bool IsNews(Leftover found, GrantUse use, List<Deed> made) =>
        found.Target is not { } target || (!use.IsHeard && made.TrueForAll(deed => deed.Target != target));
}
