using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Timeline;

namespace ChatOps.Server.Tests;

/// <summary>A valid anything; a test names only what it is about.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 14, 0, 0, TimeSpan.Zero);
    public static readonly Channel Channel = new(ChatPlatform.Slack, "T1", "C1");
    public static readonly ApplicationRef Checkout = new("prod", "argocd", "checkout");
    public static readonly JsonValueAt Before = new("/spec/syncPolicy/automated", """{"prune":true,"selfHeal":true}""", """{"automated":{}}""");

    public static Register Register(params Person[] more) => new([
        new Person("alice", [new(ChatPlatform.Slack, "T1", "U1")]) { DisplayName = "Alice Ames", KubernetesUser = "alice@example.org", TimeZone = "Europe/Berlin" },
        new Person("bob", [new(ChatPlatform.Slack, "T1", "U2")]) { DisplayName = "Bob Burns", KubernetesUser = "bob@example.org" },
        .. more,
    ]);

    public static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    public static Incident Incident(int number = 7, string title = "Checkout 500s") => new()
    {
        Number = number,
        Title = title,
        Severity = Severity.Sev1,
        State = IncidentState.Open,
        DeclaredAt = Now,
        DeclaredBy = "alice",
        Operator = "alice",
        Commander = "bob",
        Channels = [Channel],
        Scope = [Checkout],
        Head = Chain.Root(number),
    };

    public static Plan Plan(ApplicationRef? target = null) => new()
    {
        Target = new ApplicationTarget(target ?? Checkout, "0b7c2c9e-52b2-4f0d-9d2a-0f1a5f1b2c3d", "shop", "prod-eu", "shop", ""),
        Work = new PauseWork(PauseMechanism.SwitchOff, Before),
        Changes = [new("/spec/syncPolicy/automated/enabled", null, "false")],
        PolicyVersion = "2026-11-01",
    };

    public static Operation Operation(int id = 1, OperationState state = OperationState.AwaitingApproval, string reason = "rollback of payment config", Plan? plan = null) => new()
    {
        Id = Id(id),
        Kind = OperationKind.Pause,
        Incident = 7,
        RequestedBy = "alice",
        RequestedByKubernetesName = "alice@example.org",
        RequestedAt = Now.AddMinutes(2),
        Reason = reason,
        Duration = TimeSpan.FromMinutes(45),
        Plan = plan ?? Plan(),
        Authority = new("pause in production", "2026-11-01", "oncall", "chatops:oncall", 1, "commanders", TimeSpan.FromHours(4), false, [], null),
        State = state,
        StateSince = Now.AddMinutes(2),
        RequestExpiresAt = Now.AddMinutes(32),
        Lease = Id(100 + id),
    };

    public static Lease Lease(int operation = 1, string reason = "rollback of payment config", ApplicationRef? target = null) => new()
    {
        Id = Id(100 + operation),
        Kind = LeaseKind.Pause,
        Incident = 7,
        Operation = Id(operation),
        Target = target ?? Checkout,
        Uid = "0b7c2c9e-52b2-4f0d-9d2a-0f1a5f1b2c3d",
        Mechanism = PauseMechanism.SwitchOff,
        Before = Before,
        KubernetesUser = "chatops:oncall",
        Owner = "alice",
        Reason = reason,
        StartedAt = Now.AddMinutes(5),
        Deadline = Now.AddMinutes(50),
        Latest = Now.AddHours(4),
        ResumeAtDeadline = false,
        State = LeaseState.Active,
        Hold = Hold.Holding,
        HoldSince = Now.AddMinutes(6),
    };
}
