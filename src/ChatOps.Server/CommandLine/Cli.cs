namespace ChatOps.Server.CommandLine;

/// <summary>Finds the command that the words name and runs it. No words at all mean the first command: <c>serve</c>.</summary>
public sealed class Cli(IReadOnlyList<CliCommand> commands)
{
    public async Task<int> RunAsync(IReadOnlyList<string> words, Output output, CancellationToken ct)
    {
        if (words is ["help" or "--help" or "-h", ..])
        {
            WriteUsage(output.Out);
            return (int)ExitCode.Good;
        }

        // ASP.NET Core's own settings (--Web:Urls=…) configure the default command; only words choose another.
        if (words.Count == 0 || words[0].StartsWith("--", StringComparison.Ordinal))
        {
            return await RunAsync(commands[0], words, output, ct);
        }

        var command = commands.Where(candidate => IsNamed(candidate, words)).MaxBy(candidate => candidate.Name.Length);
        return command is null
            ? (int)Unknown(words, output)
            : await RunAsync(command, [.. words.Skip(command.Name.Split(' ').Length)], output, ct);
    }

    private static bool IsNamed(CliCommand command, IReadOnlyList<string> words) =>
        command.Name.Split(' ') is var name && words.Take(name.Length).SequenceEqual(name);

    private static async Task<int> RunAsync(CliCommand command, IReadOnlyList<string> arguments, Output output, CancellationToken ct)
    {
        try
        {
            return (int)await command.RunAsync(arguments, output, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await output.Error.WriteLineAsync("Stopped.");
            return (int)ExitCode.FoundSomething;
        }
#pragma warning disable CA1031 // The edge of the process: whatever went wrong becomes a sentence and an exit code, not a stack trace.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await output.Error.WriteLineAsync($"{command.Name} could not finish: {e.Message}");
            return (int)ExitCode.FoundSomething;
        }
    }

    private ExitCode Unknown(IReadOnlyList<string> words, Output output)
    {
        var typed = string.Join(' ', words.Take(2));
        var nearest = commands.Select(command => command.Name)
            .Select(name => (Name: name, Distance: Math.Min(EditDistance.Between(typed, name), EditDistance.Between(words[0], name))))
            .MinBy(candidate => candidate.Distance);
        var hint = nearest.Distance <= Math.Max(2, nearest.Name.Length / 3) ? $" Did you mean: {nearest.Name}?" : "";
        output.Error.WriteLine($"I do not know “{typed}”.{hint}");
        output.Error.WriteLine();
        WriteUsage(output.Error);
        return ExitCode.Misuse;
    }

    private void WriteUsage(TextWriter to)
    {
        to.WriteLine("Usage: ChatOps.Server [command]");
        to.WriteLine();
        var width = commands.Max(command => $"{command.Name} {command.Arguments}".Length);
        foreach (var command in commands)
        {
            to.WriteLine($"  {$"{command.Name} {command.Arguments}".PadRight(width)}  {command.Summary}");
        }

        to.WriteLine();
        to.WriteLine("Exit codes: 0 good, 1 found something, 2 misuse.");
    }
}
