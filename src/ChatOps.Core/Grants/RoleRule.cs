using System.Text.RegularExpressions;

namespace ChatOps.Core.Grants;

/// <summary>
/// One line of what a ClusterRole allows, read back from the words that people approved and that are kept
/// (<see cref="GrantScope.Rules"/>). API groups are not read: the words leave the core's out. Pure.
/// </summary>
/// <param name="Names">Those that it is narrowed to; empty: it is not.</param>
public sealed partial record RoleRule(IReadOnlyList<string> Verbs, IReadOnlyList<string> Resources, IReadOnlyList<string> Names)
{
    /// <summary>A star, as people read it.</summary>
    public const string Everything = "everything";

    /// <summary>What stands before the names.</summary>
    public const string Only = ", only ";

    /// <summary>What somebody does by it is done, although it may be allowed by a right to get.</summary>
    private static readonly string[] Inside = ["exec", "attach", "portforward", "proxy"];

    /// <summary>It allows more than to look.</summary>
    public bool Changes => Verbs.Any(verb => verb is not ("get" or "list" or "watch")) || Resources.Any(resource => resource.Split('/') is [_, var part] && Inside.Contains(part));

    /// <summary>As RBAC reads it: a star is everything, and <c>*/exec</c> that part of everything.</summary>
    public bool Allows(string verb, string resource, string? name) =>
        Verbs.Any(one => one == verb || one == Everything)
        && Resources.Any(one => one == resource || one == Everything || (resource.Split('/') is [_, var part] && one == $"*/{part}"))
        && (Names.Count == 0 || (name is not null && Names.Contains(name)));

    public static RoleRule Read(string line)
    {
        var parts = line.Split(Only, 2);
        var words = parts[0].Split(' ');
        var verbs = words.TakeWhile(word => word.EndsWith(',')).Count() + 1;
        return new(
            [.. words.Take(verbs).Select(word => word.TrimEnd(','))],
            Groups().Replace(string.Join(' ', words.Skip(verbs)), "").Split(", ", StringSplitOptions.RemoveEmptyEntries),
            parts.Length > 1 ? parts[1].Split(", ") : []);
    }

    [GeneratedRegex(@" \([^)]*\)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Groups();
}
