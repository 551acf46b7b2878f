using ChatOps.Core.Revisions;

namespace ChatOps.Core.Tests.Doubles;

/// <content>The Git host: what each branch of each repository is at.</content>
internal sealed partial class World
{
    public const string Repository = "https://git.example.org/shop.git";
    public const string Fix = "1111111111111111111111111111111111111111";
    public const string Better = "2222222222222222222222222222222222222222";

    public Dictionary<(string Repository, string Branch), BranchLook> Branches { get; } = new()
    {
        [(Repository, "fix")] = new BranchLook.Found(Fix, new("Dana Dev", "back to the old gateway", new(2026, 11, 23, 1, 50, 0, TimeSpan.Zero))),
    };

    private Task<BranchLook> LookAtBranchAsync(string repository, string branch, string? known, CancellationToken ct) =>
        Task.FromResult(Branches.GetValueOrDefault((repository, branch)) ?? new BranchLook.Absent());
}
