using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Which pause an owner leaves alone. What an owner could not be read to say is taken as if it took the pause back: a pause
/// that is gone half a second later is worse than none. Pure.
/// </summary>
internal static class PauseWays
{
    private static readonly string[] Automated = ["spec", "syncPolicy", "automated"];
    private static readonly string[] Enabled = [.. Automated, "enabled"];

    public static PauseWay Of(ApplicationJson application, Surroundings around) => around.Owner.Kind switch
    {
        OwnerKind.None => PauseWay.Unowned with { Mechanism = Plain(around) },
        OwnerKind.Set => OfSet(application, around),
        OwnerKind.Parent => OfParent(application, around),
        OwnerKind.Other => NoWay(around, $"It is applied by {around.Owner.Name}, which would take a pause back.", $"change it where {around.Owner.Name} takes it from"),
    };

    private static PauseWay OfSet(ApplicationJson application, Surroundings around)
    {
        var name = around.Owner.Name;
        var set = around.OwnerObject;
        if (around.IsRollingSync)
        {
            return NoWay(around, $"ApplicationSet {name} deploys it step by step (RollingSync): it switches auto-sync off itself and syncs on its own account, paused or not.", "nothing on the application stops that") with { Risk = Generated(name) };
        }

        if (!set.IsObject)
        {
            return NoWay(around, $"It belongs to ApplicationSet {name}, which could not be read, and a set takes a pause back within half a second.", $"let ChatOps read ApplicationSets (manifests/base) and look whether {name} exists") with { Risk = Generated(name) };
        }

        // Such a set never updates what it made, so what is written beside the field stays as well.
        if (OnlyCreates(set))
        {
            return new(Plain(around), $"ApplicationSet {name} made it and does not change it again (applicationsSync: {set.Text("spec", "syncPolicy", "applicationsSync")}), so it leaves the pause alone.") { Risk = $"{Policy} {Generated(name)}" };
        }

        if (!Covers(set, application, Field(around)))
        {
            return NoWay(around, $"ApplicationSet {name} takes a pause back within half a second: its ignoreApplicationDifferences do not name {Pointer(around)} for it.", $"let the platform team add {Pointer(around)} to the set's ignoreApplicationDifferences") with { Risk = Generated(name) };
        }

        // It takes our annotations away at once, and without `enabled` nothing else would tell the pause from anybody's edit.
        return around.KnowsEnabled
            ? new(PauseMechanism.SwitchOff, $"ApplicationSet {name} leaves this field alone (ignoreApplicationDifferences), so the pause holds through its updates.") { Risk = $"If that entry goes, {name} takes the pause back within a second. {Generated(name)}" }
            : NoWay(around, $"ApplicationSet {name} leaves the field alone but takes our annotations away, and this Argo CD has no automated.enabled by which the pause could be known again.", "upgrade Argo CD to 3.1 or later") with { Risk = Generated(name) };
    }

    /// <summary>A set that takes a pause back for no other reason than that nothing tells it to leave the field alone.</summary>
    public static bool LacksEntry(ApplicationJson application, Surroundings around) =>
        around is { Owner.Kind: OwnerKind.Set, IsRollingSync: false, KnowsEnabled: true, OwnerObject: { IsObject: true } set }
        && !OnlyCreates(set)
        && !Covers(set, application, Field(around));

    /// <summary>It never updates what it made.</summary>
    internal static bool OnlyCreates(JsonElement set) => set.Text("spec", "syncPolicy", "applicationsSync") is "create-only" or "create-delete";

    /// <summary>It is told to leave this field of that application alone.</summary>
    internal static bool Covers(JsonElement set, ApplicationJson application, IReadOnlyList<string> field) => set.Items("spec", "ignoreApplicationDifferences").Any(rule =>
        (rule.Text("name") is not { Length: > 0 } one || one == application.Name) && FieldRules.Names(rule, field));

    private static PauseWay OfParent(ApplicationJson application, Surroundings around)
    {
        var name = around.Owner.Name;
        var parent = around.OwnerObject;
        if (!parent.IsObject)
        {
            return NoWay(around, $"It is managed by the application {name} (app of apps), which could not be read and whose Git may take a pause back.", $"let ChatOps read the application {name}");
        }

        if (ParentRules.Replaces(parent, application.Raw))
        {
            return NoWay(around, $"The parent application {name} replaces it whole (Replace=true), so its next sync takes the pause away.", $"take Replace=true from {name}");
        }

        if (ParentRules.Respects(parent, application.Raw, "Application", Field(around)))
        {
            return new(Plain(around), $"The parent application {name} leaves this field alone (ignoreDifferences with RespectIgnoreDifferences), so the pause holds through its syncs.") { Risk = $"If that rule goes, the next sync of {name} takes the pause back." };
        }

        return FieldRules.IsApplied(application.Raw, Field(around)) == false
            ? new(Plain(around), $"The parent application {name} does not set this field in its Git, so its syncs leave the pause alone.") { Risk = $"A commit that sets {Pointer(around)} there ends it." }
            : NoWay(around, $"The Git of the parent application {name} sets {Pointer(around)}, as far as can be told, so it takes a pause back.", $"set it in the Git of {name}");
    }

    private static PauseMechanism Plain(Surroundings around) => around.KnowsEnabled ? PauseMechanism.SwitchOff : PauseMechanism.TakeOut;

    private static string[] Field(Surroundings around) => around.KnowsEnabled ? Enabled : Automated;

    private static string Pointer(Surroundings around) => $"/{string.Join('/', Field(around))}";

    /// <summary>The flag is the controller's and wins over what the set says.</summary>
    internal const string Policy = "If the ApplicationSet controller was started with --policy, that wins, and the set may take it back.";

    internal static string Generated(string set) => $"When the generators of {set} no longer name it, {set} may delete it, paused or not.";

    private static PauseWay NoWay(Surroundings around, string because, string missing) => new(Plain(around), because) { Missing = missing };
}
