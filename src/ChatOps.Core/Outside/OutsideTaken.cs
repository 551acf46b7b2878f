namespace ChatOps.Core.Outside;

/// <summary>That somebody took an override from outside as theirs: in which incident, with which lease, until when.</summary>
/// <param name="Owner">Whoever took it; the lease says whose it is since.</param>
public sealed record OutsideTaken(string Owner, int Incident, Guid Lease, DateTimeOffset Until);
