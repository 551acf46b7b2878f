using System.Text.Json.Serialization;
using ChatOps.Core.Leases;
using ChatOps.Core.Revisions;

namespace ChatOps.Storage.Documents;

internal sealed record HeldSourceDocument(string Repository, ValueAtDocument Before);

/// <summary>A branch that an application was switched to, and the way back.</summary>
internal sealed record BranchDocument(string Repository, string Branch, string Commit, IReadOnlyList<HeldSourceDocument> Sources)
{
    public static BranchDocument From(HeldBranch held) => new(
        held.Repository, held.Branch, held.Commit, [.. held.Sources.Select(source => new HeldSourceDocument(source.Repository, ValueAtDocument.From(source.Before)))]);

    public HeldBranch ToHeld() => new(Repository, Branch, Commit, [.. Sources.Select(source => new HeldSource(source.Repository, source.Before.ToValue()))]);
}

internal sealed record MovingDocument(Guid Operation, BranchDocument To)
{
    public static MovingDocument From(SwitchUnderWay moving) => new(moving.Operation, BranchDocument.From(moving.To));

    public SwitchUnderWay ToMoving() => new(Operation, To.ToHeld());
}

/// <summary>What a lease of a branch switch holds beside what every lease holds.</summary>
internal sealed record BranchLeaseDocument(BranchDocument Held, string? Tip, bool Gone, MovingDocument? Moving, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Guid? Follows = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool PushWaits = false, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] MovingDocument? MovedFrom = null)
{
    public static BranchLeaseDocument? From(Lease lease) => lease.Branch is { } held
        ? new(BranchDocument.From(held), lease.BranchTip, lease.BranchGone, lease.Moving is { } moving ? MovingDocument.From(moving) : null, lease.Follows, lease.PushWaits, lease.MovedFrom is { } from ? MovingDocument.From(from) : null)
        : null;
}
