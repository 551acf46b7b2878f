using ChatOps.Core.Alerts;
using ChatOps.Core.Deliveries;
using ChatOps.Core.Evidence;
using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Looking;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Acting;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Operations.Refreshing;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Operations.Syncing;
using ChatOps.Core.Operations.Terminating;
using ChatOps.Core.Outside;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Signals;
using ChatOps.Core.Troubles;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Core;

/// <summary>The use cases. Ports, people, policy and <see cref="CreateRecordLink"/>, <see cref="CreateClaimLink"/> are registered by the composition.</summary>
public static class CoreRegistration
{
    public static IServiceCollection AddCore(this IServiceCollection services) => services
        .AddSingleton<Reception>().AddSingleton<Rulebook>().AddSingleton<RoleMembership>().AddSingleton<AskRulebook>().AddSingleton<Applications>()
        .AddSingleton<IncidentFiles>().AddSingleton<WhichIncident>().AddSingleton<LookAtScope>().AddSingleton<DeclareIncident>().AddSingleton<ChangeIncident>()
        .AddSingleton<MoveIncident>().AddSingleton<ShowIncident>().AddSingleton<AddNote>()
        .AddSingleton<ApprovedAlone>().AddSingleton<AskApprovers>().AddSingleton<RequestPause>().AddSingleton<LookAtNamespace>().AddSingleton<RequestNamespacePause>().AddSingleton<IKindOfOperation, NamespacePauseKind>().AddSingleton<RequestExtension>().AddSingleton<DecideOperation>()
        .AddSingleton<SelfApproveOperation>().AddSingleton<LookAgain>().AddSingleton<KindsOfOperation>().AddSingleton<CheckAgain>().AddSingleton<RunOperation>().AddSingleton<TendOperations>()
        .AddSingleton<PauseKind>().AddSingleton<IKindOfOperation>(provider => provider.GetRequiredService<PauseKind>()).AddSingleton<IKindOfOperation, ExtendKind>()
        .AddSingleton<IKindOfOperation, RollbackKind>().AddSingleton<RequestRollback>()
        .AddSingleton<IKindOfOperation, BranchKind>().AddSingleton<RequestBranch>().AddSingleton<WatchBranch>().AddSingleton<FollowBranch>()
        .AddAction<RefreshKind>().AddAction<SyncKind>().AddAction<TerminateKind>().AddSingleton<KindsOfAction>().AddSingleton<RequestAction>().AddSingleton<ExplainCommand>()
        .AddSingleton<KeepEvidence>().AddSingleton<KeepTaken>()
        .AddSingleton<WhichLease>().AddSingleton<WatchLease>().AddSingleton<EndLease>().AddSingleton<LookAfterEnd>().AddSingleton<AskBeforeEnd>().AddSingleton<LookAtComeback>().AddSingleton<ResumeLease>().AddSingleton<ResumeNamespace>().AddSingleton<OwnLease>()
        .AddSingleton<AskAboutLease>().AddSingleton<TendLeases>().AddSingleton<TakeOver>()
        .AddSingleton<LookOutside>().AddSingleton<TakeOutside>().AddSingleton<LookForTrouble>().AddSingleton<LookAtWindows>().AddSingleton<FollowScope>()
        .AddSingleton<IKindOfOperation, GrantOperation>().AddSingleton<AccessPorts>().AddSingleton<RecogniseByEmail>().AddSingleton<GrantLimits>().AddSingleton<PlanGrant>().AddSingleton<RequestGrant>().AddSingleton<WhichGrant>()
        .AddSingleton<GiveBackGrant>().AddSingleton<ListGrants>().AddSingleton<ShowHome>().AddSingleton<EndGrants>().AddSingleton<TendGrants>().AddSingleton<SweepGrants>().AddSingleton<TellFound>().AddSingleton<EndByLabel>().AddSingleton<GrantCards>().AddSingleton<ClaimToken>()
        .AddSingleton<HearAudit>().AddSingleton<TellUse>().AddSingleton<GuessUse>().AddSingleton<SumUpUse>().AddSingleton<IdleHint>()
        .AddSingleton<ObeyAccessCommand>().AddSingleton<HonourAccessClick>()
        .AddSingleton<ApplicationsSeen>().AddSingleton<Answering>().AddSingleton<ConcernsSeen>().AddSingleton<ListApplications>().AddSingleton<ShowApplication>().AddSingleton<ShowDifferences>().AddSingleton<ShowRunbook>().AddSingleton<ObeyLooking>()
        .AddSingleton<HearAlerts>().AddSingleton<TellAlerts>().AddSingleton<ConfirmingAlert>()
        .AddSingleton<ReadSignals>().AddSingleton<ShowSignals>()
        .AddSingleton<ObeyCommand>().AddSingleton<ObeyLeaseCommand>().AddSingleton<HonourClick>().AddSingleton<HonourLeaseClick>().AddSingleton<HonourSaying>().AddSingleton<HandleDelivery>();

    /// <summary>A kind that the engine carries out: asked for by <see cref="RequestAction"/>, run like every kind.</summary>
    private static IServiceCollection AddAction<TKind>(this IServiceCollection services)
        where TKind : ActionKind => services
        .AddSingleton<TKind>()
        .AddSingleton<ActionKind>(provider => provider.GetRequiredService<TKind>())
        .AddSingleton<IKindOfOperation>(provider => provider.GetRequiredService<TKind>());
}
