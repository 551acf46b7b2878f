using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.People;

namespace ChatOps.Core.Evidence;

/// <summary>What may outlive access that has ended: found, named, and with what to do about it. Pure.</summary>
internal static class Outlasting
{
    private const int MostLines = 10;

    /// <summary>What is made and what is heard of it are of one request, by the clocks of several API servers.</summary>
    private static readonly TimeSpan OneRequest = TimeSpan.FromSeconds(10);
    private static readonly string[] Ends = ["delete", "deletecollection"];

    /// <summary>Null: nothing was found, and there was no trouble in looking.</summary>
    public static Text? Of(Grant grant, GrantUse use, Leftovers left, Register register)
    {
        var made = use.OfKind(DeedKind.Lasting).Where(deed => !IsDeletedSince(deed, use)).ToList();
        List<Text> lines =
        [
            .. made.Select(deed => Text.Of($"{UseTexts.Who(deed, register)} ") + UseTexts.Line(deed) + Text.Of($" ({deed.LastAt}): ") + UseTexts.Remedy(deed.Target) + "."),
            .. use.Deeds.Where(deed => deed.IsOpen).Select(deed => UseTexts.Line(deed) + Text.Of($" (since {deed.FirstAt}). The end of access does not close it; {$"kubectl delete pod {deed.Target.Name} -n {deed.Target.Namespace}":code} does.")),
            .. left.Found.Where(found => IsNews(found, grant, use, made)).Select(found => Line(found, use)),
        ];
        if (lines.Count == 0)
        {
            return left.NotSeen.Count == 0 ? null : Text.Lines([GrantTexts.Whose(grant, register) + Text.Of($" has ended. Whether something outlives it is not fully known."), .. NotLookedAt(grant, use, left)]);
        }

        var head = GrantTexts.Whose(grant, register) + Text.Of($" has ended, and this may {"outlive it":b}. I take none of it away.");
        var tail = lines.Count > MostLines ? [$"{lines.Count - MostLines} more like these; the record of incident {grant.Incident} has what the audit log told."] : Array.Empty<Text>();
        return Text.Lines([head, .. lines.Take(MostLines), .. tail, .. NotLookedAt(grant, use, left)]);
    }

    /// <summary>Said where there is nothing else to say, so that silence is not taken for nothing.</summary>
    public static Text Nothing(Grant grant, GrantUse use, Leftovers left) => NotLookedAt(grant, use, left).Aggregate(Text.Of($" I found nothing that outlives it."), (text, unseen) => text + " " + unseen);

    /// <summary>None only where everything was looked at that anybody could leave behind.</summary>
    private static Text[] NotLookedAt(Grant grant, GrantUse use, Leftovers left)
    {
        string[] unheard = grant.Kind == GrantKind.ArgoCdRole ? ["what Argo CD made for them in clusters"]
            : use.IsHeard ? []
            : ["Secrets", "tokens issued for service accounts", "certificate requests", grant.Scope.IsClusterWide ? "what is in namespaces" : "other namespaces"];
        string[] all = [.. left.NotSeen, .. unheard, .. left.BeyondReach];
        return all.Length == 0 ? [] : [Text.Of($"Not looked at: {string.Join("; ", all)}.")];
    }

    private static Text Line(Leftover found, GrantUse use) =>
        Text.Of($"{found.What:code} {(found.ChangedWith is null ? "came to be" : "was changed")} {found.At}") + (found.ChangedWith is { } tool ? Text.Of($" with {tool:code}") : Text.Empty)
            + (use.IsHeard && found.Target is not null ? ", by whom is not known: the audit log that I heard names nobody" : ", by whom is not known") + Text.Of($": {found.Remedy}.");

    private static bool IsDeletedSince(Deed deed, GrantUse use) => use.Deeds.Any(other =>
        other.Verb == "delete" && other.LastAt > deed.LastAt && other.Target == deed.Target with { Subresource = null });

    /// <summary>
    /// The audit log tells who made what; where it names somebody for it, it is theirs. One event of it may be lost, and then what
    /// was found is all that there is. Of what others do elsewhere nothing is kept, and access to one place makes nothing there.
    /// Tokens of Argo CD are in no audit log.
    /// </summary>
    private static bool IsNews(Leftover found, Grant grant, GrantUse use, List<Deed> made) =>
        found.Target is not { } target || (use.IsHeard
            ? grant.Scope.Namespaces.Contains(target.Namespace ?? "") && !use.Deeds.Any(deed => Tells(deed, target, found.At))
            : made.TrueForAll(deed => deed.Target != target));

    /// <summary>A name that the API server was asked to make up is not in what it told.</summary>
    private static bool Tells(Deed deed, DeedObject target, DateTimeOffset at) =>
        deed.Kind != DeedKind.Guessed && !Ends.Contains(deed.Verb) && deed.Target with { Name = deed.Target.Name ?? target.Name } == target && at >= deed.FirstAt - OneRequest && at <= deed.LastAt + OneRequest;
}
