using System.Globalization;
using System.Text;

namespace ChatOps.Benchmarks.Load;

/// <summary>Both side by side, as Markdown, with what the figures were measured on.</summary>
internal sealed class LoadReport(LoadPlan plan, Machine machine, Target product, Target bolt, long acknowledged, Kept kept)
{
    /// <summary>Nothing acknowledged is lost, nothing failed, and no generator ran dry.</summary>
    public bool IsSound => kept.Known >= acknowledged
        && product.Rounds.Concat(bolt.Rounds).All(round => round is { Refused: 0, Broken: 0, Spent: false, Acknowledged: > 0 });

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine("# Acknowledging slash commands under load").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Written by `dotnet run --project tests/ChatOps.Benchmarks --configuration Release -- load` on {machine.At:yyyy-MM-dd HH:mm} UTC.").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"wrk, {Wrk.Connections} connections, {plan.Rounds} rounds of {plan.Lasts.TotalSeconds:0} s each, alternating, the one not measured frozen. Every request is a signed slash command of its own.");
        text.AppendLine("ChatOps verifies, deduplicates and stores each on disk before it answers, and handles what it stored at the same time (answers go to a simulated Slack on the same machine). Bolt (npm @slack/bolt 5.1.0, its HTTP receiver) verifies and acknowledges; it stores nothing and does nothing.").AppendLine();
        text.AppendLine("| | requests/s | p50 ms | p99 ms | p99.9 ms | longest ms | refused | broken |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        for (var round = 0; round < plan.Rounds; round++)
        {
            Row(text, $"ChatOps, round {round + 1}", product.Rounds[round]);
            Row(text, $"Bolt, round {round + 1}", bolt.Rounds[round]);
        }

        text.AppendLine().AppendLine("| Medians | ChatOps | Bolt | ChatOps / Bolt |").AppendLine("|---|---:|---:|---:|");
        Ratio(text, "requests/s", round => round.Rate, "N0");
        Ratio(text, "p50 ms", round => round.P50 / 1e3, "N1");
        Ratio(text, "p99 ms", round => round.P99 / 1e3, "N1");
        Ratio(text, "p99.9 ms", round => round.P999 / 1e3, "N1");
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Kept: {acknowledged:N0} acknowledged (warm-up included), {kept.Known:N0} in the store after `kill -9` in the middle of its work; it was open again in {kept.Opening.TotalSeconds:N1} s.");
        text.AppendLine().AppendLine(Aim()).AppendLine().Append(machine.ToMarkdown());
        return text.ToString();
    }

    private static void Row(StringBuilder text, string name, Measured round) => text.AppendLine(
        CultureInfo.InvariantCulture,
        $"| {name} | {round.Rate:N0} | {round.P50 / 1e3:N1} | {round.P99 / 1e3:N1} | {round.P999 / 1e3:N1} | {round.Longest / 1e3:N1} | {round.Refused} | {round.Broken}{(round.Spent ? ", ran out of requests" : "")} |");

    private static double Median(Target target, Func<Measured, double> figure)
    {
        var sorted = target.Rounds.Select(figure).Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private void Ratio(StringBuilder text, string name, Func<Measured, double> figure, string format)
    {
        var (ours, theirs) = (Median(product, figure), Median(bolt, figure));
        text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {ours.ToString(format, CultureInfo.InvariantCulture)} | {theirs.ToString(format, CultureInfo.InvariantCulture)} | {ours / theirs:N2} |");
    }

    private string Aim()
    {
        var rate = Median(product, round => round.Rate) / Median(bolt, round => round.Rate);
        var tail = Median(product, round => round.P999) / Median(bolt, round => round.P999);
        return string.Create(CultureInfo.InvariantCulture, $"The aim is Bolt's rate at Bolt's tail or better: the rate was {(rate >= 1 ? "reached" : "missed")} ({rate:N2} of Bolt's), the tail (p99.9) was {(tail <= 1 ? "reached" : "missed")} ({tail:N2} of Bolt's).");
    }
}
