using ChatOps.Core;

namespace ChatOps.Server.CommandLine;

/// <summary>Finds what is wrong with the written policy: unknown roles, rules nobody can satisfy.</summary>
public sealed class PolicyCheck(Func<CancellationToken, Task<IReadOnlyList<Finding>>> check)
    : CliCommand("policy check", "", "find what is wrong with the policy")
{
    public override async Task<ExitCode> RunAsync(IReadOnlyList<string> arguments, Output output, CancellationToken ct) =>
        arguments.Count > 0
            ? Misused(output, $"policy check takes no “{string.Join(' ', arguments)}”.")
            : FindingList.Write([new("Policy", await check(ct))], asJson: false, output);
}
