using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd.Diffs;

/// <summary>
/// What Argo CD's verdict about an object says of what hands wrote there, where its own comparison is not at hand. Under a
/// pause what was applied last is not what Git says by now: a change by hand that has been merged differs from the former
/// alone, and Argo CD shows the object as Synced. Believed only where it has compared since the hand wrote. Pure.
/// </summary>
internal static class EngineVerdict
{
    /// <summary>The cluster and its controller have clocks of their own, and tell whole seconds.</summary>
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromSeconds(1);

    /// <param name="gitHasMoved">What was applied last is not what it was compared with.</param>
    public static ResourceDrift Heed(ApplicationJson application, JsonElement resource, bool gitHasMoved, ResourceDrift drift)
    {
        if (resource.Text("status") != "Synced" || !IsOfNow(application) || application.Raw.Time("status", "reconciledAt") is not { } compared)
        {
            return drift;
        }

        bool IsOlder(Drift field) => field is { By: not null, At: { } at } && at + ClocksDiffer < compared;
        return drift with
        {
            Fields =
            [
                .. drift.Fields
                    .Where(field => !(gitHasMoved && field.Class is (DriftClass.Changed or DriftClass.Removed) && IsOlder(field)))
                    .Select(field => field.Class == DriftClass.WrittenByHand && IsOlder(field) ? field with { IsLeftAlone = true } : field),
            ],
        };
    }

    private static bool IsOfNow(ApplicationJson application) => application.Raw.Text("status", "sync", "status") is "Synced" or "OutOfSync"
        && !Blockers.SkipsReconcile(application) && application.Conditions.All(condition => condition.Type is not ("ComparisonError" or "InvalidSpecError"));
}
