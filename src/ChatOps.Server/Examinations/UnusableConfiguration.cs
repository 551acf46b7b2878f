using ChatOps.Core;
using ChatOps.Server.Configuration;
using Microsoft.Extensions.Options;

namespace ChatOps.Server.Examinations;

/// <summary>What an exception while the server was put together says about the settings; empty when it is about something else.</summary>
internal static class UnusableConfiguration
{
    private const string Again = "Correct that setting, then try again.";

    public static IReadOnlyList<Finding> Findings(Exception unusable) => unusable switch
    {
        SettingsException wrong => wrong.Faults,
        OptionsValidationException wrong => [.. wrong.Failures.Select(failure => Finding.Problem(failure, Again))],
        IOException or UnauthorizedAccessException => [Finding.Problem(
            $"A folder or file that the settings name cannot be used: {unusable.Message}",
            "Give it to the user that this program runs as (in a pod: securityContext.fsGroup), and mount its volume read-write. The folders are those of Storage:LiteDb:Path and Web:DataProtectionPath.")],
        _ => [],
    };
}
