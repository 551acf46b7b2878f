using System.Globalization;
using ChatOps.Benchmarks.Ends;
using ChatOps.Benchmarks.Load;
using ChatOps.Benchmarks.Store;
using ChatOps.Benchmarks.Watch;

namespace ChatOps.Benchmarks;

internal sealed class Program
{
    private const string Usage = """
        load [seconds] [rounds]   signed commands against the product and a bare Bolt handler; writes artifacts/load.md
        ends [grants] [seconds] [real] [mixed]   grants that end within so many seconds, on a simulated or a real API server, RoleBindings or all kinds in turn; writes artifacts/ends.md
        watch [events] [rounds] [applications …]   the first list and each event of thousands of Applications, by the product (whole, and metadata only) and by the Kubernetes client; writes artifacts/watch.md
        accept [seconds]          the store alone: deliveries taken durably from 64 callers
        """;

    private static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["load", ..]:
                return await LoadRun.RunAsync(new(TimeSpan.FromSeconds(Number(args, 1, 20)), Number(args, 2, 5), Path.GetFullPath("artifacts/load.md")), CancellationToken.None);
            case ["ends", ..]:
                return await EndsRun.ReportAsync(new(Number(args, 1, 10_000), TimeSpan.FromSeconds(Number(args, 2, 60)), OnARealCluster: args.Contains("real")) { Mixed = args.Contains("mixed") }, Path.GetFullPath("artifacts/ends.md"), CancellationToken.None);
            case ["watch", ..]:
                return await WatchRun.ReportAsync(new(Number(args, 1, 5000), Number(args, 2, 5), args.Length > 3 ? [.. args.Skip(3).Select(size => int.Parse(size, CultureInfo.InvariantCulture))] : [1000, 5000]), Path.GetFullPath("artifacts/watch.md"), CancellationToken.None);
            case ["accept", ..]:
                await AcceptRate.RunAsync(TimeSpan.FromSeconds(Number(args, 1, 10)), besideReaders: false);
                await AcceptRate.RunAsync(TimeSpan.FromSeconds(Number(args, 1, 10)), besideReaders: true);
                return 0;
            default:
                await Console.Error.WriteLineAsync(Usage);
                return 2;
        }
    }

    private static int Number(string[] args, int at, int usual) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : usual;
}
