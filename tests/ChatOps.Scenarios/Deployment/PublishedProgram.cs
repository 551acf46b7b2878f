using System.Diagnostics;
using System.Text.Json;
using ChatOps.Peers;

namespace ChatOps.Scenarios.Deployment;

/// <summary>What the Dockerfile puts into the image, published once by the Dockerfile's own line.</summary>
internal static class PublishedProgram
{
    private static readonly Lazy<Task<string>> Published = new(PublishAsync);

    /// <summary>What the image runs where a manifest names no command.</summary>
    public static IReadOnlyList<string> EntryPoint { get; } =
        [.. JsonSerializer.Deserialize<string[]>(DockerLine("ENTRYPOINT "))!];

    /// <summary>The folder that the image calls /program; nobody may write to it.</summary>
    public static Task<string> FolderAsync() => Published.Value;

    private static async Task<string> PublishAsync()
    {
        var folder = Path.Combine(Repository.Root, "artifacts/image/program");
        var start = new ProcessStartInfo("dotnet", [.. DockerLine("RUN dotnet ", "publish").Split(' ').Select(word => word == "/program" ? folder : word)])
        {
            UseShellExecute = false,
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1" },
        };
        using var publish = Process.Start(start)!;
        var said = publish.StandardOutput.ReadToEndAsync();
        var complained = publish.StandardError.ReadToEndAsync();
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0 ? folder : throw new InvalidOperationException(await said + await complained);
    }
    /// <summary>The rest of the one line of the Dockerfile that begins so.</summary>
    private static string DockerLine(string instruction, string first = "") =>
        File.ReadAllLines(Path.Combine(Repository.Root, "manifests/Dockerfile")).Single(line => line.StartsWith(instruction + first, StringComparison.Ordinal))[instruction.Length..];
}
