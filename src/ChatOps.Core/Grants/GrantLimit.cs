using ChatOps.Core.Conversation;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Grants;

/// <summary>Access as it would be from now on, held against what is open and what was had lately.</summary>
/// <param name="Namespaces">Reached in the cluster; empty for a role in Argo CD.</param>
/// <param name="Continues">Counts for one with this one.</param>
public sealed record WantedAccess(string Person, string DisplayName, ApplicationRef Application, string Cluster, IReadOnlyList<string> Namespaces, DateTimeOffset EndsAt, Grant? Continues);

/// <summary>How much access the policy lets one person have, and one scope hold, at the same time and in a day. Pure.</summary>
public static class GrantLimit
{
    private const int MostNamed = 3;

    /// <summary>Why this one would be too much, which grant takes its place, and how that ends; null when there is room.</summary>
    /// <param name="lately">Every grant that lives, and those of the person that ended within <see cref="Allowance.Day"/>.</param>
    public static Refusal? Of(WantedAccess wanted, IEnumerable<Grant> lately, BreakGlassConfiguration glass, Func<string, string> nameOf, DateTimeOffset now)
    {
        var others = lately.Where(grant => wanted.Continues is not { } before || grant.Row != before.Row).ToList();
        var open = Rows(others);
        var own = open.Where(grant => grant.Person == wanted.Person).ToList();
        if (own.Count >= glass.MostPerPerson)
        {
            return No(Text.Of($"{wanted.DisplayName} has {Count(own)} open, which is the most: ") + Named(own, null), Text.Of($"Give one back: {$"/breakglass done {own[0].ShortId}":code}."));
        }

        var there = open.Where(grant => grant.Target == wanted.Application || ReachesSame(grant, wanted)).ToList();
        if (there.Count >= glass.MostPerApplication)
        {
            return No(
                Text.Of($"{Count(there)} reach{(there.Count == 1 ? "es" : "")} {wanted.Application.Name:code} or its namespaces already, which is the most: ") + Named(there, nameOf),
                Text.Of($"It ends one early when its person says {$"/breakglass done {there[0].ShortId}":code}, or somebody who may says {$"/breakglass revoke {there[0].ShortId}":code}."));
        }

        return glass.LongestPerDay is { } most ? TooLong(wanted, [.. lately.Where(grant => grant.Person == wanted.Person && grant.State != GrantState.Void)], own, most, now) : null;
    }

    /// <summary>What somebody had since a day ago and will have still, each moment once however many grants it is by.</summary>
    public static TimeSpan Had(IEnumerable<(DateTimeOffset From, DateTimeOffset To)> times, DateTimeOffset now)
    {
        var (total, reached) = (TimeSpan.Zero, now - Allowance.Day);
        foreach (var (from, to) in times.OrderBy(time => time.From))
        {
            var start = from > reached ? from : reached;
            if (to > start)
            {
                (total, reached) = (total + (to - start), to);
            }
        }

        return total;
    }

    private static Refusal? TooLong(WantedAccess wanted, List<Grant> lately, List<Grant> open, TimeSpan most, DateTimeOffset now)
    {
        var times = lately.Select(grant => (From: grant.GivenAt ?? grant.StartedAt, To: grant.IsLive ? grant.EndsAt : grant.EndedAt ?? grant.EndsAt)).ToList();
        var before = Had(times, now);
        if (Had([.. times, (now, wanted.EndsAt)], now) <= most)
        {
            return null;
        }

        var room = most - before;
        return No(
            Text.Of($"{wanted.DisplayName} had, or will have by what is open, {before} of access in 24 hours; {most} is the most, this one included."),
            room >= TimeSpan.FromMinutes(1) && wanted.Continues is null ? Text.Of($"Ask for {TimeSpan.FromMinutes(Math.Floor(room.TotalMinutes))} or less.")
                : open.Count > 0 ? Text.Of($"What is given back early does not count: {$"/breakglass done {open[0].ShortId}":code}.")
                : Text.Of($"The first of it stops counting at {times.Where(time => time.To > now - Allowance.Day).Select(time => time.From + Allowance.Day).DefaultIfEmpty(now).Min()}; or somebody else does it."));
    }

    private static List<Grant> Rows(IEnumerable<Grant> grants) =>
        [.. grants.Where(grant => grant.IsLive).GroupBy(grant => grant.Row).Select(row => row.MaxBy(grant => grant.EndsAt)!).OrderBy(grant => grant.EndsAt)];

    private static bool ReachesSame(Grant grant, WantedAccess wanted) =>
        grant.Kind != GrantKind.ArgoCdRole && grant.Scope.Cluster == wanted.Cluster && grant.Scope.Namespaces.Intersect(wanted.Namespaces).Any();

    private static string Count(List<Grant> grants) => grants.Count == 1 ? "1 grant" : $"{grants.Count} grants";

    private static Text Named(List<Grant> grants, Func<string, string>? nameOf)
    {
        var lines = grants.Take(MostNamed).Select((grant, index) => (index == 0 ? Text.Empty : ", ")
            + (nameOf is null ? Text.Empty : Text.Of($"{nameOf(grant.Person)} "))
            + Text.Of($"{grant.ShortId:code} ({grant.Target.Name} as {grant.Role}, until {grant.EndsAt})"));
        return lines.Aggregate(Text.Empty, (all, line) => all + line) + (grants.Count > MostNamed ? Text.Of($" and {grants.Count - MostNamed} more.") : ".");
    }

    private static Refusal No(Text why, Text instead) => new(RefusalKind.NotAllowed, why) { Instead = instead };
}
