using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.People;

namespace ChatOps.Core.Evidence;

/// <summary>What is said of access that no audit log told of: what was seen elsewhere, and what nobody can see there. Pure.</summary>
internal static class GuessTexts
{
    private const int MostShown = 5;

    public static Text Of(Grant grant, GrantUse use, Writes look)
    {
        var written = use.OfKind(DeedKind.Guessed).ToList();
        var found = written.Count > 0
            ? Text.Of($" In that time, as live objects in ") + GrantTexts.Where(grant.Scope) + " say: " + Shown(written.Select(deed => Text.Of($"{deed.By} ") + UseTexts.Line(deed))) + ". That names tools and the fields they hold, and is a guess as to who."
            : Text.Of($" No live object in ") + GrantTexts.Where(grant.Scope) + Text.Of($"{(look.NotSeen.Count > 0 ? " that I could look at" : "")} says that anything but the cluster's own programs wrote to it in that time.");
        var undated = look.Undated.Count == 0 ? Text.Empty : Text.Of($" When is not kept of: ") + Shown(look.Undated.Select(one => Text.Of($"{one}"))) + ".";
        return found + undated + NotSeen(look) + " What was deleted, and what the same tool wrote over, no live object tells.";
    }

    /// <summary>Of a role in Argo CD, where the API server sees only Argo CD.</summary>
    public static Text OfRole(Grant grant, GrantUse use, Writes? look, Register register)
    {
        var told = use.OfKind(DeedKind.ToldByEngine).ToList();
        var found = told.Count > 0
            ? GrantTexts.Whose(grant, register) + Text.Of($" was {"used":b}, as Argo CD says: ") + Shown(told.Select(deed => Text.Of($"{string.Join(", ", deed.Fields):code} ({deed.FirstAt})"))) + "."
            : Text.Of($"What was done with the access {grant.ShortId:code} is {"not known":b}: in what Argo CD still tells of {grant.Target.Name:code}, nothing names {grant.Subject:code}.");
        return found + (look is null ? Text.Empty : NotSeen(look)) + " Argo CD tells that for an hour; what was only looked at, logs and shells are in its own log alone.";
    }

    private static Text NotSeen(Writes look) => look.NotSeen.Count == 0 ? Text.Empty : Text.Of($" Not looked at: {string.Join("; ", look.NotSeen)}.");

    private static Text Shown(IEnumerable<Text> lines)
    {
        var all = lines.ToList();
        return all.Take(MostShown).Aggregate((text, line) => text + "; " + line) + (all.Count > MostShown ? Text.Of($"; and {all.Count - MostShown} more") : Text.Empty);
    }
}
