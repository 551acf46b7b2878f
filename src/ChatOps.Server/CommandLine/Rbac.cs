using ChatOps.Core;

namespace ChatOps.Server.CommandLine;

/// <summary>Writes the Roles and policies that the rulebook needs, or says what the cluster does not cover.</summary>
public sealed class Rbac(
    Func<TextWriter, CancellationToken, Task> write,
    Func<CancellationToken, Task<IReadOnlyList<Finding>>> check)
    : CliCommand("rbac", "[--check]", "write the Roles and policies for Git; --check: say what the cluster does not cover")
{
    public override async Task<ExitCode> RunAsync(IReadOnlyList<string> arguments, Output output, CancellationToken ct)
    {
        switch (arguments)
        {
            case []:
                // All or nothing: half a set of Roles, piped into a cluster, would look like a whole one.
                using (var whole = new StringWriter())
                {
                    await write(whole, ct);
                    await output.Out.WriteAsync(whole.ToString());
                }

                return ExitCode.Good;
            case ["--check"]:
                return FindingList.Write([new("Coverage", await check(ct))], asJson: false, output);
            default:
                return Misused(output, $"rbac takes no “{string.Join(' ', arguments)}”.");
        }
    }
}
