namespace ChatOps.Server.CommandLine;

/// <summary>What the process says when it is over.</summary>
public enum ExitCode
{
    Good = 0,

    /// <summary>It looked, and something is not as it should be.</summary>
    FoundSomething = 1,

    /// <summary>It was called wrongly and did nothing.</summary>
    Misuse = 2,
}

/// <summary>Where a command writes: results to <paramref name="Out"/>, complaints to <paramref name="Error"/>.</summary>
public sealed record Output(TextWriter Out, TextWriter Error)
{
    public ExitCode Misuse(string sentence)
    {
        Error.WriteLine(sentence);
        return ExitCode.Misuse;
    }
}

/// <summary>One verb of the command line.</summary>
/// <param name="name">The words that call it: "audit verify".</param>
/// <param name="arguments">What may follow, as shown in the usage.</param>
/// <param name="summary">What it does, in a line.</param>
public abstract class CliCommand(string name, string arguments, string summary)
{
    public string Name { get; } = name;

    public string Arguments { get; } = arguments;

    public string Summary { get; } = summary;

    public string Usage => $"ChatOps.Server {Name} {Arguments}".TrimEnd();

    /// <summary><paramref name="arguments"/> are the words after the name.</summary>
    public abstract Task<ExitCode> RunAsync(IReadOnlyList<string> arguments, Output output, CancellationToken ct);

    /// <summary>Called with words that it does not take.</summary>
    protected ExitCode Misused(Output output, string why) => output.Misuse($"{why}{Environment.NewLine}Usage: {Usage}");
}
