using System.Text.RegularExpressions;

namespace ChatOps.Core.Grants;

/// <summary>
/// What access can allow on one application in Argo CD, in Argo CD's own words. Left out is what would outlive the access or
/// reach beyond it: changing, deleting or overriding the application itself.
/// </summary>
public static partial class ArgoCdAction
{
    public const string Get = "get";

    public const string Known = "get, sync, logs, exec and action/<group>/<Kind>/<name>";

    /// <summary>Null: it may be allowed. Else the rest of a sentence.</summary>
    public static string? WhatIsWrong(string action) => action switch
    {
        Get or "sync" or "logs" or "exec" => null,
        "create" or "update" or "delete" or "override" or "*" => "with which somebody could change the application itself, and that would outlive the access",
        _ when Actions().IsMatch(action) => null,
        _ => "which is no action that access can allow",
    };

    /// <summary>As a right: Argo CD keeps logs and shells apart from applications.</summary>
    public static AccessRight Right(string action) => action switch
    {
        "logs" => new("get", "", "logs"),
        "exec" => new("create", "", "exec"),
        _ => new(action, "", "applications"),
    };

    // A star for a whole part. The group of pods is empty: action//Pod/x.
    [GeneratedRegex(@"^action/(\*|(\*|[a-z0-9.-]*)/(\*|[A-Za-z0-9]+)/(\*|[A-Za-z0-9-]+))$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Actions();
}
