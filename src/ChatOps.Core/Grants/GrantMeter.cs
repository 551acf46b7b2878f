using System.Diagnostics.Metrics;

namespace ChatOps.Core.Grants;

/// <summary>How late access ends, and how late that is proved.</summary>
public static class GrantMeter
{
    private static readonly Meter Meter = new("ChatOps.Core.Grants");
    private static readonly Histogram<double> Lateness = Meter.CreateHistogram<double>("chatops_grant_end_lateness_seconds", "s", "From the moment at which access should end to the cluster's word that it is gone");
    private static readonly Histogram<double> Proof = Meter.CreateHistogram<double>("chatops_grant_denied_seconds", "s", "From the moment at which access should end to the API server's no, asked as the person");

    private static readonly Counter<long> Swept = Meter.CreateCounter<long>("chatops_grants_found", null, "Objects that no live grant stood behind as they were, each time that the sweep found one");

    /// <summary>Of one that was taken away now, whatever began its end.</summary>
    public static void Ended(Grant grant, DateTimeOffset at)
    {
        if (at >= grant.EndsAt)
        {
            Lateness.Record((at - grant.EndsAt).TotalSeconds, new KeyValuePair<string, object?>("kind", grant.Kind.ToString()));
        }
    }

    public static void Found(SweptGrant swept) =>
        Swept.Add(1, new("kind", swept.Found.Kind.ToString()), new("outcome", swept.IsGone ? "taken_away" : "left"));

    /// <summary>Not of one that was gone: when somebody looked says nothing of how late it ended.</summary>
    public static void Proved(Grant grant, DateTimeOffset at)
    {
        if (at >= grant.EndsAt && !grant.WasGone)
        {
            Proof.Record((at - grant.EndsAt).TotalSeconds, new KeyValuePair<string, object?>("kind", grant.Kind.ToString()));
        }
    }
}
