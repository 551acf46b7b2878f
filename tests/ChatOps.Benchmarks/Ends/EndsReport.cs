using System.Globalization;
using ChatOps.Core.Grants;

namespace ChatOps.Benchmarks.Ends;

/// <summary>How late each end was, as Markdown.</summary>
public sealed class EndsReport
{
    private readonly EndsPlan plan;
    private readonly IReadOnlyList<Grant> grants;

    internal EndsReport(EndsPlan plan, bool wasReady, IReadOnlyList<Grant> grants, int left)
    {
        this.plan = plan;
        this.grants = grants;
        WasReady = wasReady;
        Left = left;
    }

    /// <summary>False: objects, books and product were not ready before the first end, so the figures are not the product's.</summary>
    public bool WasReady { get; }

    /// <summary>Objects of grants that are still in the cluster.</summary>
    public int Left { get; }

    public int Ended => grants.Count(grant => grant.State == GrantState.Ended);

    public int Proved => grants.Count(grant => grant.Proof == GrantProof.NoMoreThanBefore);

    /// <summary>None is lost: each is gone from the cluster, ended in the books and proved.</summary>
    public bool IsSound => Left == 0 && Ended == plan.Grants && Proved == plan.Grants;

    public override string ToString()
    {
        return $"""
            # Ending grants at their moment

            {plan.Grants:N0} open grants{(plan.Mixed ? " of all kinds in turn" : "")} whose ends are spread over {plan.Spread.TotalSeconds:0} s, {EndsPlan.PerIncident} to an incident, against the {(plan.OnARealCluster ? "real API server (kube-apiserver and etcd of the tests)" : "simulated API server")}. Everything on one machine: product, API server, simulated Slack.

            | | count | p50 s | p90 s | p99 s | p99.9 s | latest s |
            |---|---:|---:|---:|---:|---:|---:|
            {Rows(grants, "")}{(plan.Mixed ? string.Concat(grants.GroupBy(grant => grant.Kind).OrderBy(kind => kind.Key).Select(kind => $"\n{Rows([.. kind], $"{kind.Key}: ")}")) : "")}

            Lost: {plan.Grants - Ended:N0} not ended, {plan.Grants - Proved:N0} not proved, {Left:N0} objects left. Ended within one second: {grants.Count(grant => grant.EndedAt - grant.EndsAt < TimeSpan.FromSeconds(1)):N0}.{(WasReady ? "" : " **Not ready before the first end: give it a longer lead.**")}

            """;
    }

    private static string Rows(IReadOnlyList<Grant> some, string which) =>
        Row($"{which}ended after its moment", [.. some.Where(grant => grant.EndedAt is not null).Select(grant => (grant.EndedAt!.Value - grant.EndsAt).TotalSeconds)])
        + "\n" + Row($"{which}proved after its moment", [.. some.Where(grant => grant.ProvedAt is not null).Select(grant => (grant.ProvedAt!.Value - grant.EndsAt).TotalSeconds)]);

    private static string Row(string what, IReadOnlyList<double> seconds)
    {
        var sorted = seconds.Order().ToList();
        return sorted.Count == 0 ? $"| {what} | 0 | | | | | |" : string.Create(
            CultureInfo.InvariantCulture,
            $"| {what} | {sorted.Count:N0} | {At(.5):0.00} | {At(.9):0.00} | {At(.99):0.00} | {At(.999):0.00} | {sorted[^1]:0.00} |");

        double At(double share) => sorted[(int)((sorted.Count - 1) * share)];
    }
}
