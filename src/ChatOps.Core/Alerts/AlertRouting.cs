using ChatOps.Core.Commands;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Alerts;

/// <summary>Alerts whose labels fit all of these globs are about one application, whatever other labels say.</summary>
public sealed record AlertSubject(IReadOnlyDictionary<string, string> Labels, ApplicationQuery Application);

/// <summary>Which application an alert is about, and which alerts confirm that there is an emergency.</summary>
/// <param name="Subjects">Looked at first, in order; the first that fits decides.</param>
/// <param name="ApplicationLabels">Then the first of these labels that is there names it, as <c>[instance/][namespace/]name</c>.</param>
/// <param name="ConfirmingSeverities">Label <c>severity</c> of alerts that confirm an incident.</param>
/// <param name="BelievedFor">How long a firing alert is believed after the last word of Alertmanager about it.</param>
public sealed record AlertRouting(IReadOnlyList<AlertSubject> Subjects, IReadOnlyList<string> ApplicationLabels, IReadOnlyList<string> ConfirmingSeverities, TimeSpan BelievedFor)
{
    /// <summary>Null when the labels name no application: such an alert is nobody's here.</summary>
    public ApplicationQuery? AboutOf(IReadOnlyDictionary<string, string> labels)
    {
        if (Subjects.FirstOrDefault(subject => subject.Labels.All(pair => Glob.Matches(pair.Value, labels.GetValueOrDefault(pair.Key, "")))) is { } fitting)
        {
            return fitting.Application;
        }

        return ApplicationLabels.Select(label => labels.GetValueOrDefault(label)).FirstOrDefault(value => !string.IsNullOrEmpty(value)) is { } named
            ? Names.Application(named)
            : null;
    }

    public static ApplicationQuery? Read(string name) => Names.Application(name);
}
