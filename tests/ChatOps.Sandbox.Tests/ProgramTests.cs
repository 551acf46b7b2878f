using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ChatOps.Sandbox.World;

namespace ChatOps.Sandbox.Tests;

public sealed class ProgramTests
{
    [Fact]
    public async Task Told_to_stop_it_ends_well_and_cleans_up()
    {
        using var sandbox = Start(Product.FreePort());
        try
        {
            Assert.StartsWith("ChatOps sandbox: a simulation", await FirstWordsAsync(sandbox), StringComparison.Ordinal);
            using var kill = Process.Start("kill", ["-TERM", $"{sandbox.Id}"]);
            await sandbox.WaitForExitAsync();

            Assert.Equal((0, ""), (sandbox.ExitCode, await sandbox.StandardError.ReadToEndAsync()));
        }
        finally
        {
            sandbox.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_in_a_sentence_with_what_to_do()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var sandbox = Start(port);
        try
        {
            var said = await sandbox.StandardError.ReadToEndAsync();
            await sandbox.WaitForExitAsync();

            Assert.Equal(1, sandbox.ExitCode);
            Assert.StartsWith($"Port {port} is in use", said, StringComparison.Ordinal);
            Assert.Single(said.TrimEnd().Split('\n'));
        }
        finally
        {
            sandbox.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task A_proxy_of_the_machine_is_not_asked_for_anything()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ChatOps.Sandbox.dll"), $"{Product.FreePort()}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in new[] { "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY" })
        {
            // Nothing listens there: whatever is sent to it fails, and with it the start.
            start.Environment[name] = $"http://127.0.0.1:{Product.FreePort()}";
        }

        start.Environment.Remove("no_proxy");
        start.Environment.Remove("NO_PROXY");
        using var sandbox = Process.Start(start)!;
        try
        {
            // Null: it ended, because what it needed went to the proxy.
            Assert.NotNull(await FirstWordsAsync(sandbox));
        }
        finally
        {
            sandbox.Kill(entireProcessTree: true);
            await sandbox.WaitForExitAsync();
        }
    }

    private static Process Start(int port) => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ChatOps.Sandbox.dll"), $"{port}"])
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    /// <summary>Null: it ended before it said anything.</summary>
    private static async Task<string?> FirstWordsAsync(Process sandbox)
    {
        var line = (string?)"";
        while (line is { Length: 0 })
        {
            line = await sandbox.StandardOutput.ReadLineAsync();
        }

        return line;
    }
}
