using ChatOps.Sandbox.Slack;

namespace ChatOps.Benchmarks.Load;

/// <summary>How long, how often, and where the report goes.</summary>
internal sealed record LoadPlan(TimeSpan Lasts, int Rounds, string Report);

/// <summary>
/// Signed commands over 64 connections against the product and against a bare Bolt handler, one after the other and again;
/// at the end the product is killed, and what it acknowledged is looked for in its store.
/// </summary>
internal static class LoadRun
{
    /// <summary>More than either can answer, so that no record is sent twice and none is missing.</summary>
    private const int MostPerSecond = 20_000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(LoadPlan plan, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("chatops-load-").FullName;
        try
        {
            var before = Machine.Look();
            await using var slack = await SimulatedSlack.StartAsync(new SimulatedSlackOptions(), ct);
            using var bolt = await Targets.BoltAsync(slack.Options, folder, ct);
            bolt.Freeze();
            using var product = await Targets.ProductAsync(slack, folder, ct);
            product.Freeze();
            var sent = new List<SignedCommands>();
            var acknowledged = 0L;
            for (var round = 0; round <= plan.Rounds; round++)
            {
                foreach (var target in new[] { product, bolt })
                {
                    var lasts = round == 0 ? WarmUp : plan.Lasts;
                    var commands = new SignedCommands(Path.Combine(folder, "commands"), $"{target.Name}-{round:00}", (int)(lasts.TotalSeconds * MostPerSecond));
                    await commands.WriteAsync(slack.Options.SigningSecret, ct);
                    target.Thaw();
                    var cpu = target.Processor();
                    var measured = await Wrk.RunAsync(target.Url, commands, lasts, ct);
                    cpu = target.Processor() - cpu;
                    target.Freeze();
                    Console.WriteLine($"{target.Name,-8} {(round == 0 ? "warm-up" : $"round {round}"),-8} {measured.Rate,8:N0}/s  p50 {measured.P50 / 1e3:N1}  p99 {measured.P99 / 1e3:N1}  p99.9 {measured.P999 / 1e3:N1} ms  refused {measured.Refused}  broken {measured.Broken}  cpu {cpu.TotalMilliseconds * 1e3 / Math.Max(1, measured.Answers):N0} µs each");
                    if (round > 0)
                    {
                        target.Rounds.Add(measured);
                    }

                    if (target == product)
                    {
                        sent.Add(commands);
                        acknowledged += measured.Acknowledged;
                    }
                }
            }

            product.Kill();
            var kept = await Kept.CountAsync(Path.Combine(folder, "chatops.db"), sent.SelectMany(commands => commands.Keys()), ct);
            var report = new LoadReport(plan, before, product, bolt, acknowledged, kept);
            Directory.CreateDirectory(Path.GetDirectoryName(plan.Report)!);
            await File.WriteAllTextAsync(plan.Report, report.ToString(), ct);
            Console.WriteLine(report);
            return report.IsSound ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
