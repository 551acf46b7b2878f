using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations.Pausing;

/// <summary>
/// Which way holds an override: the application's own field where its owner leaves that alone, since a field is seen on the
/// application and reaches nothing else; a deny window in its project where not, if that reaches only the target and
/// nobody takes it back. Pure.
/// </summary>
public static class WindowWay
{
    /// <summary>For a pause, and for a rollback, which is one.</summary>
    public static PauseWay Of(ApplicationFacts facts) => Of(facts.Way, facts, "holds it");

    /// <summary>For a switch to a branch: by a window nothing is written into the application, so its owner takes nothing back.</summary>
    public static PauseWay OfBranch(ApplicationFacts facts) => Of(facts.RevisionWay, facts, "keeps what is synced behind it");

    private static PauseWay Of(PauseWay field, ApplicationFacts facts, string holds)
    {
        if (field.Missing is null || facts.Window is not { } window)
        {
            return field;
        }

        var project = facts.Project;
        if (window.TakenBack is { } taken)
        {
            return No(field, $"A deny window in project {project} would not hold either: {taken}", $"let whoever keeps project {project} add the window there");
        }

        if (window.ReachUnknown is { } unknown)
        {
            return No(field, $"Which applications a deny window in project {project} would hold cannot be told: {unknown}", $"let whoever keeps project {project} decide about a window");
        }

        if (window.AlsoReaches.Count > 0)
        {
            return No(
                field,
                $"A deny window would hold more than it: windows go by the application's name, and {string.Join(", ", window.AlsoReaches.Select(other => $"{other.Namespace}/{other.Name}"))} {(window.AlsoReaches.Count == 1 ? "has" : "have")} that name and would be held as well.",
                "give it a name or a project of its own");
        }

        return new(PauseMechanism.Window, $"{field.Because} So a deny window in project {project} {holds}: it reaches {facts.Ref.Name} and nothing else, and lets syncs by hand pass.")
        {
            Risk = $"The window ends by itself, a minute after its time at the latest, whether or not anybody has decided by then.{(window.Risk is { } risk ? $" {risk}" : "")}{(field.Risk is { } owner ? $" {owner}" : "")}",
        };
    }

    private static PauseWay No(PauseWay field, string because, string missing) =>
        field with { Because = $"{field.Because} {because}", Missing = $"{field.Missing}, or {missing}" };
}
