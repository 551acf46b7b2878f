using ChatOps.Core.Grants;

namespace ChatOps.Platform.Access;

/// <summary>The policy of one grant's role: what was approved, on one application of one project. Pure.</summary>
internal static class RolePolicy
{
    /// <summary>An application outside Argo CD's own namespace is named with its namespace.</summary>
    public static string Object(string project, string argoCdNamespace, string applicationNamespace, string application) =>
        applicationNamespace == argoCdNamespace ? $"{project}/{application}" : $"{project}/{applicationNamespace}/{application}";

    public static IReadOnlyList<string> Lines(string project, string role, string @object, IReadOnlyList<string> actions) =>
    [
        .. actions.Select(ArgoCdAction.Right).Select(right => $"p, proj:{project}:{role}, {right.Resource}, {right.Verb}, {@object}, allow"),
    ];

    /// <summary>
    /// Reads back what is about to be written. Null: each line says one of the approved actions on that one application, for
    /// that one role, and nothing else. Stricter than Argo CD: no pattern in a name, no denial, no comment.
    /// </summary>
    public static string? WhatIsWrong(IReadOnlyList<string> lines, string project, string role, string @object, IReadOnlyList<string> actions)
    {
        if (!ArgoCdRoleName.TryRead(role, out _, out _))
        {
            return $"{role} is no name of a grant's role";
        }

        if (@object.Split('/') is not ([_, _] or [_, _, _]) || @object.Split('/').Append(project).Any(name => name.Length == 0 || !name.All(IsInNames)))
        {
            return $"{@object} does not name one application of project {project}";
        }

        var meant = actions.Where(action => ArgoCdAction.WhatIsWrong(action) is null).Select(ArgoCdAction.Right).ToList();
        if (meant.Count != actions.Count || meant.Count == 0)
        {
            return $"{string.Join(", ", actions)} are not all actions that access can allow";
        }

        var read = lines.Select(PolicyLine.Columns).ToList();
        return read.Count == meant.Count && read.Zip(meant).All(pair => pair.First is ["p", var subject, var resource, var action, var on, "allow"]
            && subject == $"proj:{project}:{role}" && new AccessRight(action, "", resource) == pair.Second && on == @object)
                ? null
                : "the policy does not read as it was meant";
    }

    private static bool IsInNames(char letter) => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '.';
}
