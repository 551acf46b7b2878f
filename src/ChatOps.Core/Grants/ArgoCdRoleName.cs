using System.Globalization;
using System.Text.RegularExpressions;

namespace ChatOps.Core.Grants;

/// <summary>
/// Name of a grant's role in an Argo CD project: <c>chatops-&lt;grant&gt;-&lt;end as Unix seconds&gt;</c>. It is all that the sweep and
/// the janitor have to know it by, and never comes twice: a role of the same name would revive the tokens of the first.
/// </summary>
public static partial class ArgoCdRoleName
{
    public static string Of(Guid grant, DateTimeOffset endsAt) => $"chatops-{grant:N}-{endsAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}";

    /// <summary>False: the role is none of ours, whatever else it is called.</summary>
    public static bool TryRead(string name, out Guid grant, out DateTimeOffset endsAt)
    {
        (grant, endsAt) = (Guid.Empty, default);
        var parts = Form().Match(name);
        if (!parts.Success)
        {
            return false;
        }

        grant = Guid.ParseExact(parts.Groups["grant"].ValueSpan, "N");
        endsAt = DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts.Groups["end"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture));
        return true;
    }

    // Ten or eleven digits: from 2001 on, and what fits a date.
    [GeneratedRegex("\\Achatops-(?<grant>[0-9a-f]{32})-(?<end>[0-9]{10,11})\\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Form();
}
