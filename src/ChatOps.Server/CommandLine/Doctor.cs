using ChatOps.Core;

namespace ChatOps.Server.CommandLine;

/// <summary>One subject that doctor looks at. A look that throws is itself a finding.</summary>
public sealed record Examination(string Title, Func<CancellationToken, Task<IReadOnlyList<Finding>>> LookAsync);

/// <summary>Looks at every credential, permission and mapping, and says how to fix what is wrong; changes nothing.</summary>
/// <param name="slackManifest">What to make Slack's app from so that it fits these settings; with Socket Mode or over HTTP.</param>
public sealed class Doctor(Func<IReadOnlyList<Examination>> examinations, Func<bool, string> slackManifest, TimeProvider time)
    : CliCommand("doctor", "[--json | --slack-manifest [socket]]", "check every credential, permission and mapping, and say how to fix each")
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public override async Task<ExitCode> RunAsync(IReadOnlyList<string> arguments, Output output, CancellationToken ct)
    {
        if (arguments is ["--slack-manifest"] or ["--slack-manifest", "socket"])
        {
            await output.Out.WriteAsync(slackManifest(arguments.Count == 2));
            return ExitCode.Good;
        }

        if (arguments is not ([] or ["--json"]))
        {
            return Misused(output, $"doctor takes no “{string.Join(' ', arguments)}”.");
        }

        var groups = new List<FindingGroup>();
        foreach (var examination in examinations())
        {
            groups.Add(new(examination.Title, await LookAsync(examination, ct)));
        }

        return FindingList.Write(groups, arguments is ["--json"], output);
    }

    private async Task<IReadOnlyList<Finding>> LookAsync(Examination examination, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            return await examination.LookAsync(either.Token);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return [new(false, "No answer within 30 seconds", "Check the address, the network policy and the proxy between here and there.")];
        }
#pragma warning disable CA1031 // One sick part must not hide what is wrong with the others.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return [new(false, $"Could not be looked at: {e.Message}", "Fix that first, then run doctor again.")];
        }
    }
}
