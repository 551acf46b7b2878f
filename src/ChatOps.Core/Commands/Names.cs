using System.Text.RegularExpressions;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Commands;

/// <summary>Names as people write them: applications, people, severities, numbers.</summary>
internal static partial class Names
{
    /// <summary><c>[instance/][namespace/]name</c>. Kubernetes names are lower case, whatever a phone makes of them.</summary>
    public static ApplicationQuery? Application(string text)
    {
        var parts = text.Split('/');
        if (parts.Length > 3 || !ObjectName().IsMatch(parts[^1]) || !parts[..^1].All(part => InstanceName().IsMatch(part)))
        {
            return null;
        }

        var space = parts.Length > 1 ? parts[^2].ToLowerInvariant() : null;
        return new(parts.Length > 2 ? parts[0] : null, space, parts[^1].ToLowerInvariant());
    }

    /// <summary><c>ns:[cluster/]name</c>.</summary>
    public static NamespaceQuery? Namespace(string text)
    {
        var parts = text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..].Split('/');
        return parts.Length <= 2 && ObjectName().IsMatch(parts[^1]) && parts[..^1].All(part => InstanceName().IsMatch(part))
            ? new(parts.Length > 1 ? parts[0] : null, parts[^1].ToLowerInvariant())
            : null;
    }

    /// <summary><c>@U42</c> or <c>@alice</c>; without the sign only where nothing else can be meant.</summary>
    public static PersonMention? Person(string text, bool signNeeded)
    {
        var name = text.StartsWith('@') ? text[1..] : signNeeded ? "" : text;
        return PersonName().IsMatch(name) ? new(name) : null;
    }

    public static Severity? Severity(string key) => key switch
    {
        "sev1" => Incidents.Severity.Sev1,
        "sev2" => Incidents.Severity.Sev2,
        "sev3" => Incidents.Severity.Sev3,
        "sev4" => Incidents.Severity.Sev4,
        _ => null,
    };

    public static int? IncidentNumber(string text) =>
        int.TryParse(text.TrimStart('#'), System.Globalization.NumberStyles.None, null, out var number) && number > 0 ? number : null;

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ObjectName();

    [GeneratedRegex(@"\A[a-z0-9][-a-z0-9._]{0,252}\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex InstanceName();

    [GeneratedRegex(@"\A[\p{L}\p{N}][\p{L}\p{N}._@:-]{0,199}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PersonName();
}
