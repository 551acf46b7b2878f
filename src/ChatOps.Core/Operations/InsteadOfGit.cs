namespace ChatOps.Core.Operations;

/// <summary>What runs because somebody wanted it, and not because Git says so: whoever lets the engine loose deploys what Git says over it.</summary>
/// <param name="Runs">A revision for each source.</param>
/// <param name="From">What was deployed when it was asked for, likewise; empty where that was not noted.</param>
public sealed record InsteadOfGit(IReadOnlyList<string> Runs, IReadOnlyList<string> From);
