using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ChatOps.Peers;

/// <summary>A process that cannot outlive the tests: its guard kills it when our end of a pipe closes, however we died.</summary>
public sealed class SupervisedProcess : IAsyncDisposable
{
    private const string Guard = """
        log=$1; shift
        "$@" </dev/null >>"$log" 2>&1 &
        echo $!
        read -r _ || true
        kill -KILL $! 2>/dev/null
        wait $! 2>/dev/null
        """;

    private readonly Process guard;
    private readonly string logFile;

    private SupervisedProcess(Process guard, int id, string logFile)
    {
        this.guard = guard;
        Id = id;
        this.logFile = logFile;
    }

    public int Id { get; }

    public string Log => File.Exists(logFile) ? string.Join('\n', File.ReadLines(logFile).TakeLast(30)) : "";

    public bool HasExited => !Directory.Exists($"/proc/{Id}") || IsZombie();

    public static async Task<SupervisedProcess> StartAsync(string file, IEnumerable<string> arguments, string logFile)
    {
        var start = new ProcessStartInfo("bash") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["-c", Guard, "guard", logFile, file, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start.");
        var id = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"{file} did not start.");
        return new SupervisedProcess(process, int.Parse(id, CultureInfo.InvariantCulture), logFile);
    }

    public void Send(PosixSignalNumber signal)
    {
        if (Kill(Id, (int)signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"signal {signal} to process {Id}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        guard.StandardInput.Close();
        await guard.WaitForExitAsync();
        guard.Dispose();
    }

    private bool IsZombie()
    {
        try
        {
            return File.ReadLines($"/proc/{Id}/status").Any(line => line.StartsWith("State:\tZ", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return true;
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
