using ChatOps.Core;
using ChatOps.Core.Alerts;

namespace ChatOps.Server.Alerts;

/// <summary>Everything that is wrong with section <c>Alertmanager</c>, at once.</summary>
public static class AlertmanagerCheck
{
    private const int FewestCharacters = 20;

    public static IEnumerable<Finding> Faults(AlertmanagerOptions options)
    {
        if (options.Token is { Length: > 0 and < FewestCharacters } || options.Token.Any(letter => letter is <= ' ' or > '~'))
        {
            yield return Finding.Problem("Alertmanager:Token can be guessed or cannot be sent", $"Set it to {FewestCharacters} or more random letters and digits (openssl rand -hex 32), the same as in Alertmanager's http_config.");
        }

        foreach (var (index, subject) in options.Applications.Index())
        {
            if (AlertRouting.Read(subject.Application) is null)
            {
                yield return Finding.Problem($"Alertmanager:Applications:{index}:Application “{subject.Application}” is no name of an application", "Write [instance/][namespace/]name.");
            }

            if (subject.Labels.Count == 0)
            {
                yield return Finding.Problem($"Alertmanager:Applications:{index}:Labels is empty, so that every alert would be about {subject.Application}", "Name the labels that tell, such as \"service\": \"checkout*\".");
            }
        }

        if (options.BelievedFor <= TimeSpan.Zero)
        {
            yield return Finding.Problem("Alertmanager:BelievedFor is not longer than nothing", "Leave it out (5 hours), or set it longer than Alertmanager's repeat_interval.");
        }
    }
}
