using ChatOps.Core.Grants;

namespace ChatOps.Storage.Tests;

/// <content>Break-glass access.</content>
internal static partial class Some
{
    public static Grant Grant(Guid id, int incident = 7, GrantState state = GrantState.Active) => new()
    {
        Id = id,
        Kind = GrantKind.RoleBinding,
        Incident = incident,
        Operation = Guid.CreateVersion7(Now),
        Person = "anna",
        Subject = "anna@example.com",
        Role = "editor",
        Target = new("argocd", "argocd", "checkout"),
        Scope = new("prod", ["shop", "shop-jobs"], "chatops-breakglass-editor", ["get, list pods"]),
        Reason = "pods crashloop",
        StartedAt = Now,
        EndsAt = Now.AddMinutes(30),
        FirstStartedAt = Now,
        Latest = Now.AddHours(2),
        Probes = [new("patch", "apps", "deployments")],
        State = state,
        GivenAt = Now.AddSeconds(1),
        NoticedAt = Now.AddMinutes(25),
        EndedBy = "bob",
        EndReason = "bob revoked it",
        EndedAt = Now.AddMinutes(26),
        Proof = GrantProof.None,
        ProvedAt = null,
        Attempts = 2,
        NextAttemptAt = Now.AddMinutes(27),
    };
}
