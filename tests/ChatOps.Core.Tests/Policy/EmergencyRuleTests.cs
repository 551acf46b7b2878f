using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Tests.Policy;

public class EmergencyRuleTests
{
    private static readonly DateTimeOffset Asked = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);
    private static readonly Operation Operation = Requested();

    [Theory]
    [InlineData(14, 59, false)]
    [InlineData(15, 0, true)]
    [InlineData(29, 59, true)]
    [InlineData(30, 0, false)]
    public void Silence_counts_from_the_delivery_and_until_the_request_expires(int minutes, int seconds, bool allowed) =>
        Assert.Equal(allowed, EmergencyRule.Check(Operation, "bob", false, Asked, Asked.AddMinutes(minutes).AddSeconds(seconds)) is null);

    [Fact]
    public void A_question_that_reached_nobody_is_not_silence() =>
        Assert.Contains("reached", Why(Operation, "bob", asked: null), StringComparison.Ordinal);

    [Fact]
    public void Silence_about_an_earlier_plan_is_none_about_this_one()
    {
        var replanned = Operation with { StateSince = Asked.AddMinutes(11) };

        Assert.NotNull(EmergencyRule.Check(replanned, "bob", false, Asked, Asked.AddMinutes(25)));
        Assert.Null(EmergencyRule.Check(replanned, "bob", false, Asked, Asked.AddMinutes(26)));
    }

    [Fact]
    public void An_incident_that_nobody_declared_tells_of_no_emergency() =>
        Assert.Contains("Nobody declared", Why(Operation, "chatops", Asked), StringComparison.Ordinal);

    [Theory]
    [InlineData("alice")]
    [InlineData("Alice")]
    public void Nobody_makes_the_emergency_that_they_approve(string openedBy) =>
        Assert.Contains("opened this incident yourself", Why(Operation, openedBy, Asked), StringComparison.Ordinal);

    [Fact]
    public void An_alert_tells_of_the_emergency_as_another_person_would() =>
        Assert.Null(EmergencyRule.Check(Operation, "alice", confirmedByAlert: true, Asked, Asked.AddMinutes(20)));

    [Fact]
    public void An_alert_replaces_neither_the_silence_nor_the_rule()
    {
        Assert.NotNull(EmergencyRule.Check(Operation, "alice", confirmedByAlert: true, asked: null, Asked.AddMinutes(20)));
        Assert.NotNull(EmergencyRule.Check(Operation, "alice", confirmedByAlert: true, Asked, Asked.AddMinutes(14)));
        Assert.NotNull(EmergencyRule.Check(Operation with { Authority = Operation.Authority with { Emergency = null } }, "alice", confirmedByAlert: true, Asked, Asked.AddMinutes(20)));
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public void The_cap_is_the_shorter_one(int minutes, bool allowed)
    {
        var now = Asked.AddMinutes(20);

        Assert.Equal(allowed, EmergencyRule.Check(Operation with { Duration = TimeSpan.FromMinutes(minutes) }, "bob", false, Asked, now) is null);
        Assert.Equal(allowed, EmergencyRule.Check(Operation with { Until = now.AddMinutes(minutes) }, "bob", false, Asked, now) is null);
    }

    [Fact]
    public void A_rule_without_an_emergency_has_none() =>
        Assert.Contains("no emergency", Why(Operation with { Authority = Operation.Authority with { Emergency = null } }, "bob", Asked), StringComparison.Ordinal);

    [Fact]
    public void An_extension_is_never_self_approved() =>
        Assert.Contains("no emergency", Why(Operation with { Kind = OperationKind.Extend, Plan = Operation.Plan with { Work = new ExtendWork(PauseMechanism.SwitchOff, new("/spec/syncPolicy/automated", "{}", "{}")) } }, "bob", Asked), StringComparison.Ordinal);

    [Theory]
    [InlineData(OperationState.Denied)]
    [InlineData(OperationState.Approved)]
    [InlineData(OperationState.Withdrawn)]
    public void What_is_decided_is_decided(OperationState state) =>
        Assert.Equal(RefusalKind.AlreadyDecided, EmergencyRule.Check(Operation with { State = state }, "bob", false, Asked, Asked.AddMinutes(20))!.Kind);

    private static string Why(Operation operation, string openedBy, DateTimeOffset? asked) =>
        Assert.IsType<Refusal>(EmergencyRule.Check(operation, openedBy, false, asked, Asked.AddMinutes(20))).Why.ToString();

    private static Operation Requested()
    {
        var automated = new JsonValueAt("/spec/syncPolicy/automated", "{}", "{}");
        return new()
        {
            Id = new Guid("0193564a-0000-7000-8000-000000000001"),
            Kind = OperationKind.Pause,
            Incident = 1,
            RequestedBy = "alice",
            RequestedByKubernetesName = "alice",
            RequestedAt = Asked,
            Reason = "rollback of payment config",
            Duration = TimeSpan.FromMinutes(20),
            Plan = new()
            {
                Target = new ApplicationTarget(new("argocd", "argocd", "checkout"), "u", "shop", "prod", "shop", "nobody"),
                Work = new PauseWork(PauseMechanism.SwitchOff, automated),
                Changes = [],
                PolicyVersion = "7",
            },
            Authority = new("pause-shop", "7", "on-call", "chatops:on-call", 1, "commander", TimeSpan.FromHours(1), false, [], new(TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30))),
            State = OperationState.AwaitingApproval,
            StateSince = Asked,
            RequestExpiresAt = Asked.AddMinutes(30),
            Lease = new Guid("0193564a-0000-7000-8000-000000000002"),
        };
    }
}
