namespace ChatOps.Core.Reconciliation;

/// <summary>Who wrote a field last, as the cluster tells it: a tool and a second, never a person.</summary>
/// <param name="IsOwner">It brings what Git or a generator says and will do so again, so it is nobody's hand.</param>
public sealed record FieldHand(string Manager, DateTimeOffset? At, bool IsOwner = false);

/// <summary>The annotation that has the engine ignore an application: what it says, and who wrote it.</summary>
public sealed record SkipFacts(JsonValueAt Annotation, FieldHand? Hand);
