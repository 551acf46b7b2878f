namespace ChatOps.Server.CommandLine;

/// <summary>What the rulebook says to one command of one person. Good: allowed.</summary>
/// <param name="Lines">The rule that answered and what it asks for; or why not.</param>
public sealed record PolicyAnswer(bool Allowed, IReadOnlyList<string> Lines);

/// <summary>Asks the rulebook what it would say, without asking anybody or changing anything.</summary>
public sealed class PolicyExplain(Func<string, string, CancellationToken, Task<PolicyAnswer>> explain)
    : CliCommand("policy explain", "<user> <command…>", "say what the policy would answer, and by which rule")
{
    public override async Task<ExitCode> RunAsync(IReadOnlyList<string> arguments, Output output, CancellationToken ct)
    {
        if (arguments.Count < 2)
        {
            return Misused(output, "policy explain needs a person and a command.");
        }

        var answer = await explain(arguments[0].TrimStart('@'), string.Join(' ', arguments.Skip(1)), ct);
        foreach (var line in answer.Lines)
        {
            await output.Out.WriteLineAsync(line);
        }

        return answer.Allowed ? ExitCode.Good : ExitCode.FoundSomething;
    }
}
