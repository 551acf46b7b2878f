using ChatOps.Core.Conversation;

namespace ChatOps.Core.Operations.Pausing;

/// <summary>One application of a namespace that is paused as a whole: by the way that its own owner leaves alone, or with those who have paused it already.</summary>
public sealed record PausePart(ApplicationTarget Target, AboutPause Work, IReadOnlyList<FieldChange> Changes)
{
    internal object?[] Sealed => [Target.Sealed, Work.SealedAs, Work.Sealed, Changes.Select(change => new[] { change.Path, change.Before, change.After })];
}

/// <summary>Keeps the engine from putting Git's state back in every application that owns something in a namespace: all of them, or none.</summary>
public sealed record NamespacePauseWork(IReadOnlyList<PausePart> Parts) : PlannedWork
{
    public override OperationKind Kind => OperationKind.Pause;

    public override string Doing => "Pause";

    public override Text Effect => Text.Of($"Argo CD stops putting Git's state back in {(Parts.Count == 1 ? "this application" : $"these {Parts.Count} applications: all of them, or none")}");

    public override bool StartsOverride => true;

    public override bool IsOneWrite => false;

    internal override string SealedAs => "namespace";

    internal override IReadOnlyList<object?> Sealed => [.. Parts.Select(part => part.Sealed)];
}
