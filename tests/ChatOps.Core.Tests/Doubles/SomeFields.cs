using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Tests.Doubles;

/// <summary>An application with resources, and a pause of some of them.</summary>
internal static class SomeFields
{
    public static readonly ManagedResource Web = new("apps", "Deployment", "shop", "web");

    public static readonly ManagedResource Settings = new("", "ConfigMap", "shop", "web");

    public static ApplicationFacts Facts() => Some.Facts() with { Syncing = Syncing };

    public static SyncFacts Syncing => new() { Resources = [Web, Settings] };

    public static IReadOnlyList<HeldResource> WebOnly => [new(Web, ["/spec"])];

    public static Plan Plan(ApplicationFacts? facts = null) => OnlyPlan.Of(facts ?? Facts(), WebOnly, "7");

    public static Lease Lease(ApplicationFacts? facts = null) => Core.Leases.Lease.Written(Some.Operation(OperationState.Running) with { Plan = Plan(facts) }, Some.Now).Stored(Some.Now);

    /// <summary>As the cluster has it once the pause is stored and the refresh answered.</summary>
    public static ApplicationFacts Held()
    {
        var lease = Lease();
        return Facts() with
        {
            Rules = new(new(RuleFacts.ListPath, $"[{lease.Only!.Resources[0].Rule.ToJsonString()}]", null), new(RuleFacts.OptionsPath, $"[\"{HeldFields.Respect}\"]", null), "chatops"),
            Mark = new OverrideMark(7, lease.Operation, Some.Now.AddMinutes(45), lease.Before, "chatops:on-call") { Only = lease.Only, Last = OperationSeen.None },
        };
    }
}
