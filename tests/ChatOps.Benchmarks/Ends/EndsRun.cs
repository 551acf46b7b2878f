using ChatOps.Core.Records;
using ChatOps.Sandbox.Slack;
using ChatOps.Sandbox.World;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Benchmarks.Ends;

/// <summary>
/// Thousands of grants that end together, ended by the product as it is shipped: its books on disk, its API server and its
/// Slack on the same machine. What counts is the moment at which the cluster confirmed that the access was gone.
/// </summary>
public static class EndsRun
{
    public static async Task<EndsReport> RunAsync(EndsPlan plan, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("chatops-ends-").FullName;
        try
        {
            await using var slack = await SimulatedSlack.StartAsync(new SimulatedSlackOptions(), ct);
            await using var cluster = await EndsCluster.StartAsync(plan, folder, OpenGrants.Namespaces(plan), ct);
            var first = TimeProvider.System.GetUtcNow() + plan.Lead;
            var grants = OpenGrants.Of(plan, first);
            await OpenGrants.WriteAsync(Path.Combine(folder, "chatops.db"), plan, grants, ct);
            await cluster.GiveAsync(grants, ct);
            await using var product = await Product.StartAsync(new() { Url = new($"http://127.0.0.1:{Product.FreePort()}"), Folder = folder, KubeConfig = cluster.KubeConfig, SlackApi = slack.ApiBaseUrl, Slack = slack.Options, Overrides = Overrides }, ct);
            var wasReady = TimeProvider.System.GetUtcNow() < first;
            var records = product.Services.GetRequiredService<IRecords>();
            var limit = first + plan.Spread + plan.Patience;
            while (TimeProvider.System.GetUtcNow() < limit && (TimeProvider.System.GetUtcNow() < first + plan.Spread || (await records.UnsettledGrantsAsync(ct)).Count > 0))
            {
                await Task.Delay(TimeSpan.FromSeconds(1), ct);
            }

            return new(plan, wasReady, await OpenGrants.ReadAsync(records, plan, ct), await cluster.LeftAsync(ct));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Where the sweep looks for the accounts of those that are open.</summary>
    private static Dictionary<string, string?> Overrides { get; } = new() { ["Policy:BreakGlass:AccountsIn"] = OpenGrants.AccountsIn };

    /// <summary>Prints the report and keeps it; 1 when a grant was lost, or when the product was not there before the first end.</summary>
    internal static async Task<int> ReportAsync(EndsPlan plan, string file, CancellationToken ct)
    {
        var machine = Machine.Look();
        var report = await RunAsync(plan, ct);
        var text = $"{report}\n{machine.At:yyyy-MM-dd HH:mm} UTC. {machine.ToMarkdown()}";
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text, ct);
        Console.WriteLine(text);
        return report is { IsSound: true, WasReady: true } ? 0 : 1;
    }
}
