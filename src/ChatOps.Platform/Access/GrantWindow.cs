using ChatOps.Core.Grants;

namespace ChatOps.Platform.Access;

/// <summary>The time in which a grant was open, by a cluster's clock, which is not ours and counts whole seconds.</summary>
internal static class GrantWindow
{
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromSeconds(2);

    public static bool Has(Grant grant, DateTimeOffset at) => at >= grant.StartedAt - ClocksDiffer && (grant.EndedAt is not { } end || at <= end + ClocksDiffer);
}
