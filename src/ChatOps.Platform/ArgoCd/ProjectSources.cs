using System.Text.Json;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Whether a project, with the global ones merged into it, allows a repository: one pattern must match and none that begins
/// with an exclamation mark may, as Argo CD judges it. Pure.
/// </summary>
internal static class ProjectSources
{
    private static readonly string[] Schemes = ["https://", "http://", "ssh://", "git+ssh://"];

    /// <summary>Null where a project could not be read.</summary>
    public static bool? Allow(string repository, IReadOnlyList<JsonElement> projects, IReadOnlyList<string> unread)
    {
        if (projects.Count == 0 || unread.Count > 0)
        {
            return null;
        }

        var name = Normal(repository);
        var patterns = projects.SelectMany(project => project.Texts("spec", "sourceRepos")).ToList();
        return patterns.Any(pattern => !pattern.StartsWith('!') && Matches(pattern, name))
            && !patterns.Any(pattern => pattern.StartsWith('!') && Matches(pattern[1..], name));
    }

    /// <summary>A lone star is everything; else a star stops at a slash and two do not.</summary>
    private static bool Matches(string pattern, string name) => pattern == "*" || WindowGlob.MatchesPath(Normal(pattern), name);

    /// <summary>As Argo CD compares addresses: without case, <c>.git</c> or a slash at the end; <c>git@host:path</c> as <c>ssh://git@host/path</c>.</summary>
    private static string Normal(string repository)
    {
        var name = repository.Trim().ToLowerInvariant();
        if (!Schemes.Any(scheme => name.StartsWith(scheme, StringComparison.Ordinal)) && name.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && name.Contains('@', StringComparison.Ordinal))
        {
            name = $"ssh://{name[..colon]}/{name[(colon + 1)..].TrimStart('/')}";
        }

        name = name.TrimEnd('/');
        return name.EndsWith(".git", StringComparison.Ordinal) ? name[..^4] : name;
    }
}
