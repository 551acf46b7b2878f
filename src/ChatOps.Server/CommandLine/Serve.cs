namespace ChatOps.Server.CommandLine;

/// <summary>Runs the server until it is told to stop. Takes the settings that ASP.NET Core takes on the command line.</summary>
public sealed class Serve(Func<IReadOnlyList<string>, CancellationToken, Task<ExitCode>> run)
    : CliCommand("serve", "[--Section:Setting=value …]", "run (the default)")
{
    public override Task<ExitCode> RunAsync(IReadOnlyList<string> arguments, Output output, CancellationToken ct) =>
        arguments.FirstOrDefault(word => !word.StartsWith("--", StringComparison.Ordinal)) is { } stray
            ? Task.FromResult(Misused(output, $"serve takes no “{stray}”."))
            : run(arguments, ct);
}
