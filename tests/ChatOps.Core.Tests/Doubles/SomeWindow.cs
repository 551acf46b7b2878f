using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Tests.Doubles;

/// <summary>An application that only a window can hold, and the pause of it.</summary>
internal static class SomeWindow
{
    public static ApplicationFacts Facts() => Some.Facts() with
    {
        Owner = new(OwnerKind.Set, "tools"),
        Way = new(PauseMechanism.SwitchOff, "ApplicationSet tools takes a pause back.") { Missing = "change the set" },
        RevisionWay = new(PauseMechanism.SwitchOff, "ApplicationSet tools takes another revision back.") { Missing = "change what it generates from" },
        Window = new WindowFacts { HasList = false },
    };

    public static Lease Lease() => Core.Leases.Lease.Written(Some.Operation(OperationState.Running) with { Plan = PausePlan.Of(Facts(), "7") }, Some.Now).Stored(Some.Now);
}
