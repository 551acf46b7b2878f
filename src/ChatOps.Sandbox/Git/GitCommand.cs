using System.Diagnostics;

namespace ChatOps.Sandbox.Git;

/// <summary>Runs the machine's git, without its user's settings.</summary>
internal static class GitCommand
{
    private static readonly Dictionary<string, string> Own = new(StringComparer.Ordinal)
    {
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["GIT_CONFIG_GLOBAL"] = "/dev/null",
        ["GIT_TERMINAL_PROMPT"] = "0",
        ["GIT_AUTHOR_NAME"] = "dev",
        ["GIT_AUTHOR_EMAIL"] = "dev@example.com",
        ["GIT_COMMITTER_NAME"] = "dev",
        ["GIT_COMMITTER_EMAIL"] = "dev@example.com",
    };

    public static async Task<string> RunAsync(string directory, CancellationToken ct, params string[] arguments) =>
        await TryAsync(directory, null, null, ct, arguments) is (0, { } output, _) ? output : throw new InvalidOperationException($"git {string.Join(' ', arguments)} failed in {directory}");

    public static async Task<(int ExitCode, string Output, string Error)> TryAsync(string directory, string? input, DateTimeOffset? at, CancellationToken ct, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // GIT_DIR and its like win over the working directory: started from somebody's hook, we would commit into their repository.
        foreach (var inherited in start.Environment.Keys.Where(name => name.StartsWith("GIT_", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(inherited);
        }

        foreach (var (name, value) in Own)
        {
            start.Environment[name] = value;
        }

        if (at is { } time)
        {
            start.Environment["GIT_AUTHOR_DATE"] = start.Environment["GIT_COMMITTER_DATE"] = $"@{time.ToUnixTimeSeconds()} +0000";
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("git did not start");
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), ct);
        }

        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var error = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return (process.ExitCode, await output, await error);
    }
}
