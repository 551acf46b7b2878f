namespace ChatOps.Core.Reconciliation;

/// <summary>What hands had changed in one live object and the engine made as Git says again, seen as it happened.</summary>
/// <param name="Hands">As it was when they had it, with secrets masked and with the command that does it again.</param>
/// <param name="At">When the engine wrote, to the second; null where the cluster does not tell.</param>
public sealed record HandsTaken(ApplicationRef Application, ResourceDrift Hands, DateTimeOffset? At);
