using System.Diagnostics;
using ChatOps.Peers;

namespace ChatOps.Scenarios.Deployment;

/// <summary>What the Dockerfile puts into the image, published once by the Dockerfile's own line.</summary>
internal static class PublishedProgram
{
    private static readonly Lazy<Task<string>> Published = new(PublishAsync);

    /// <summary>The folder that the image calls /program; nobody may write to it.</summary>
    public static Task<string> FolderAsync() => Published.Value;

    private static async Task<string> PublishAsync()
    {
        var folder = Path.Combine(Repository.Root, "artifacts/image/program");
        var line = (await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "manifests/Dockerfile"))).Single(one => one.StartsWith("RUN dotnet publish ", StringComparison.Ordinal));
        var start = new ProcessStartInfo("dotnet", [.. line["RUN dotnet ".Length..].Split(' ').Select(word => word == "/program" ? folder : word)])
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
}
