using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ChatOps.Benchmarks;

/// <summary>What the figures were measured on, and how busy it was with other things before.</summary>
internal sealed record Machine(DateTimeOffset At, string Processor, int Cores, string System, string Disk, string Node, string LoadBefore)
{
    public static Machine Look() => new(
        DateTimeOffset.UtcNow,
        Field("/proc/cpuinfo", "model name"),
        Environment.ProcessorCount,
        $"{RuntimeInformation.OSDescription.Trim()}, .NET {Environment.Version}",
        DiskOf(Path.GetTempPath()),
        Said("node", "--version"),
        File.ReadAllText("/proc/loadavg").Split(' ')[0]);

    public string ToMarkdown() => string.Create(
        CultureInfo.InvariantCulture,
        $"Machine: {Cores} cores ({Processor}), {System}, node {Node}, store on {Disk}; load average before the run {LoadBefore}{(Busy ? ": it was busy with other things, so compare within this run only" : "")}.\n");

    private bool Busy => double.Parse(LoadBefore, CultureInfo.InvariantCulture) > Cores / 2.0;

    private static string Field(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown";

    private static string DiskOf(string path) => DriveInfo.GetDrives()
        .Where(drive => path.StartsWith(drive.Name, StringComparison.Ordinal)).MaxBy(drive => drive.Name.Length) is { } drive ? drive.DriveFormat : "unknown";

    private static string Said(string program, string word)
    {
        using var process = Process.Start(new ProcessStartInfo(program, [word]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        return process.StandardOutput.ReadToEnd().Trim();
    }
}
