using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Whether an owner leaves another revision alone. A set that ignores the field was never seen to do so with revisions, and
/// rewrites a list of sources whole for any change in it, so that is not relied on. Pure.
/// </summary>
internal static class RevisionWays
{
    private static readonly string[] One = ["spec", "source", "targetRevision"];
    private static readonly string[] Several = ["spec", "sources"];

    public static PauseWay Of(ApplicationJson application, Surroundings around) => around.Owner.Kind switch
    {
        OwnerKind.None => PauseWay.UnownedRevision,
        OwnerKind.Set => OfSet(around),
        OwnerKind.Parent => OfParent(application, around),
        OwnerKind.Other => No($"It is applied by {around.Owner.Name}, which would take another revision back.", $"change the revision where {around.Owner.Name} takes it from"),
    };

    private static PauseWay OfSet(Surroundings around)
    {
        var (name, set) = (around.Owner.Name, around.OwnerObject);
        var change = $"change the revision in what {name} generates from";
        if (around.IsRollingSync)
        {
            return No($"ApplicationSet {name} deploys it step by step (RollingSync), and takes another revision back within half a second.", change) with { Risk = PauseWays.Generated(name) };
        }

        return set.Text("spec", "syncPolicy", "applicationsSync") is "create-only" or "create-delete"
            ? Yes($"ApplicationSet {name} made it and does not change it again (applicationsSync: {set.Text("spec", "syncPolicy", "applicationsSync")}), so it leaves the revision alone.", $"{PauseWays.Policy} {PauseWays.Generated(name)}")
            : No($"ApplicationSet {name}{(set.IsObject ? "" : ", which could not be read,")} takes another revision back within half a second.", change) with { Risk = PauseWays.Generated(name) };
    }

    private static PauseWay OfParent(ApplicationJson application, Surroundings around)
    {
        var (name, parent) = (around.Owner.Name, around.OwnerObject);
        var field = application.Raw.Items("spec", "sources").Any() ? Several : One;
        var change = $"change the revision in the Git of {name}";
        if (!parent.IsObject)
        {
            return No($"It is managed by the application {name} (app of apps), which could not be read and whose Git may say which revision it follows.", change);
        }

        if (ParentRules.Replaces(parent, application.Raw))
        {
            return No($"The parent application {name} replaces it whole (Replace=true), so its next sync takes another revision away.", change);
        }

        if (ParentRules.Respects(parent, application.Raw, "Application", field))
        {
            return Yes($"The parent application {name} leaves its revision alone (ignoreDifferences with RespectIgnoreDifferences).", $"If that rule goes, the next sync of {name} takes the revision back.");
        }

        return FieldRules.IsApplied(application.Raw, field) == false
            ? Yes($"The parent application {name} names no revision in its Git, so its syncs leave this one alone.", $"A commit that names one there ends it.")
            : No($"The Git of the parent application {name} (app of apps) says which revision it follows, so it takes another one back.", change);
    }

    private static PauseWay Yes(string because, string risk) => new(PauseMechanism.SwitchOff, because) { Risk = risk };

    private static PauseWay No(string because, string missing) => new(PauseMechanism.SwitchOff, because) { Missing = missing };
}
