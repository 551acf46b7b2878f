namespace ChatOps.Core.Reconciliation;

/// <summary>Something that an engine did with an application, as the engine or the object tells it.</summary>
/// <param name="At">When, by the cluster's clock; of what repeats, the last time.</param>
/// <param name="By">The component that tells, or who began it where that is known.</param>
public sealed record Happening(DateTimeOffset At, string By, string Words);
