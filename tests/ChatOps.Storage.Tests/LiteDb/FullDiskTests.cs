using System.Diagnostics;
using System.Globalization;

namespace ChatOps.Storage.Tests.LiteDb;

public sealed class FullDiskTests : IDisposable
{
    private readonly TempStore temp = new();

    /// <summary>The limit of file sizes stands in for the disk: writes fail at the same calls, without needing to mount one.</summary>
    [Fact]
    public async Task A_full_disk_refuses_writes_says_why_and_recovers_without_a_restart()
    {
        using var child = ChildProcess.Start("obey", temp.Path);
        Assert.Equal("ready", await child.StandardOutput.ReadLineAsync());
        Assert.Equal("ok True", await AskAsync(child, "accept before"));

        await LimitAsync(child, (new FileInfo(temp.Log).Length + 400_000).ToString(CultureInfo.InvariantCulture));
        var stored = 1;
        string answer;
        while ((answer = await AskAsync(child, $"accept {stored}")) == "ok True")
        {
            stored++;
            Assert.True(stored < 100, "the disk never filled");
        }

        Assert.StartsWith($"unavailable {temp.Path} could not be written", answer, StringComparison.Ordinal);
        Assert.Contains("nothing needs to be restarted", answer, StringComparison.Ordinal);
        Assert.StartsWith("unavailable", await AskAsync(child, "accept again"), StringComparison.Ordinal);
        Assert.Equal($"ok {stored}", await AskAsync(child, "waiting"));

        await LimitAsync(child, "unlimited");
        Assert.Equal("ok True", await AskAsync(child, $"accept {stored}"));
        Assert.Equal($"ok {stored + 1}", await AskAsync(child, "waiting"));

        child.Kill();
        await child.WaitForExitAsync();
        using var records = temp.Open();
        Assert.Equal(stored + 1, (await records.WaitingAsync(1000, CancellationToken.None)).Count);
    }

    public void Dispose() => temp.Dispose();

    private static async Task<string> AskAsync(Process child, string line)
    {
        await child.StandardInput.WriteLineAsync(line);
        return await child.StandardOutput.ReadLineAsync() ?? "";
    }

    private static async Task LimitAsync(Process child, string bytes)
    {
        using var prlimit = Process.Start("prlimit", ["--pid", child.Id.ToString(CultureInfo.InvariantCulture), $"--fsize={bytes}:unlimited"]);
        await prlimit.WaitForExitAsync();
        Assert.Equal(0, prlimit.ExitCode);
    }
}
