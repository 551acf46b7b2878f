using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations.Acting;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Operations.Branching;

/// <summary>
/// <c>branch</c>: from a command to a plan that somebody can approve, with the branch resolved to a commit. Said again while
/// the switch is there it is a new request, under the same rule and lease, for the newest commit.
/// </summary>
public sealed class RequestBranch(WhichIncident which, IncidentFiles files, Applications applications, AskRulebook rules, AskApprovers approvers, LookAtBranch look)
{
    private static readonly TimeSpan LivesWithoutApproval = TimeSpan.FromMinutes(5);

    public async Task<Refusal?> HandleAsync(Command.Branch command, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var (incident, refusal) = await which.ResolveAsync(delivery.Place, command.Application, null, ct);
        if (incident is null || await files.OpenAsync(incident.Number, ct) is not { } file)
        {
            return refusal;
        }

        var (application, noApplication) = await applications.FindAsync(command.Application, incident.Scope, ct);
        if (application is null)
        {
            return noApplication;
        }

        var ours = file.Leases.FirstOrDefault(lease => lease.IsLive && lease.Target == application);
        if ((Obstacles.OutOfPlace(file, application) ?? Held(ours) ?? Obstacles.Pending(file, application)) is { } outOfPlace)
        {
            return outOfPlace;
        }

        var (answer, facts) = await applications.Of(application).InspectAsync(application, ct);
        if (facts is null)
        {
            return ClusterRefusals.For(answer, Text.Of($"I could not read {application.ToString():code}, so I cannot plan the switch."));
        }

        if ((BranchPlan.Obstacle(facts, ours, command.Follow) ?? Obstacles.InFlight(facts)) is { } obstacle)
        {
            return obstacle;
        }

        var end = file.Now + command.Duration.From(file.Now);
        var (allowed, notAllowed) = await rules.DecideAsync(speaker.Person, BranchKind.VerbOf(command.Follow), facts, end - (ours?.StartedAt ?? file.Now), ct);
        if (allowed is null)
        {
            return notAllowed;
        }

        if (ours is not null && end > ours.Latest)
        {
            return new Refusal(RefusalKind.NotAllowed, Text.Of($"{application.Name:code} may run from a branch until {ours.Latest} at the most, counted from its first start.")) { Instead = "Say a shorter time; or bring the fix into Git and restore." };
        }

        if (await WindowRight.MissingAsync(applications.Of(application), facts, WindowWay.OfBranch(facts), "A branch switch of", ct) is { } noRight)
        {
            return noRight;
        }

        var (plan, notFound) = await PlanAsync(facts, command.Name, ours, command.Follow, ct);
        if (plan is null)
        {
            return notFound;
        }

        var user = allowed.Authority.KubernetesUser;
        var covered = await applications.Of(application).CoversAsync(user, application, ct);
        var operation = Operation(file, plan, command, speaker, allowed, ours) with { Notices = [.. BranchPlan.Notices(facts, plan.Of<BranchWork>()), .. OperationCard.CoverageNotice(covered, user)] };
        file.Save(operation);
        file.Record(TimelineKind.Requested, speaker.Person.Name, Text.Of($"{speaker.Person.DisplayName} asked to {(command.Follow ? $"have {application.Name} follow branch {command.Name}, now at commit {Commits.Abbreviate(plan.Of<BranchWork>().To.Commit)}," : $"switch {application.Name} to commit {plan.Of<BranchWork>().To.Spoken}")} for {operation.Duration}: {operation.Reason}"), operation.Id, delivery.ReceivedAt);
        await approvers.ShowAsync(file, operation, ct);
        await files.PutBackAsync(file, delivery, ct);
        return null;
    }

    private async Task<(Plan? Plan, Refusal? Refusal)> PlanAsync(ApplicationFacts facts, string branch, Lease? ours, bool follow, CancellationToken ct)
    {
        var looks = await Task.WhenAll(BranchPlan.Repositories(facts).Select(async repository => (Repository: repository, Look: await look(repository, branch, null, ct))));
        var (repository, found, refusal) = BranchPlan.Choose(branch, facts.Ref.Name, looks);
        if (refusal is not null)
        {
            return (null, refusal);
        }

        if (ours?.Branch is { } now && now.Repository != repository)
        {
            return (null, new Refusal(RefusalKind.NotPossible, Text.Of($"{facts.Ref.Name:code} runs from a branch of {now.Repository:code}, and {branch:code} is in {repository!:code}.")) { Instead = Text.Of($"{$"restore {facts.Ref.Name}":code} first.") });
        }

        var plan = BranchPlan.Of(facts, repository!, branch, found!, ours, rules.Version, follow);
        return BranchPlan.IsNothingNew(facts, plan, ours) && follow == ours?.Follows is not null
            ? (null, new Refusal(RefusalKind.AlreadyDecided, Text.Of($"{facts.Ref.Name:code} follows commit {Commits.Abbreviate(found!.Commit):code} already, and {branch:code} has nothing newer.")) { Instead = Text.Of($"To keep it longer: {$"extend {facts.Ref.Name} by 30m":code}.") })
            : (plan, null);
    }

    private static Refusal? Held(Lease? ours) => ours switch
    {
        null or { Branch: not null, State: LeaseState.Active, Moving: null } => null,
        { Branch: not null } => new(RefusalKind.AlreadyDecided, Text.Of($"{ours.Target.Name:code} is being switched or restored at this moment.")) { Instead = "Wait for it, then ask again." },
        _ => new(RefusalKind.AlreadyDecided, Text.Of($"{ours.Target.Name:code} is paused already, until {ours.Deadline}.")) { Instead = Text.Of($"Under the pause {$"sync {ours.Target.Name} at <commit>":code} deploys a commit of the branch; or {$"resume {ours.Target.Name}":code} first.") },
    };

    private static Operation Operation(IncidentFile file, Plan plan, Command.Branch command, Speaker speaker, Decision.Allowed allowed, Lease? ours) => new()
    {
        Id = Guid.CreateVersion7(file.Now),
        Kind = OperationKind.Branch,
        Incident = file.Incident.Number,
        RequestedBy = speaker.Person.Name,
        RequestedByKubernetesName = speaker.Person.KubernetesUser ?? speaker.Person.Name,
        RequestedAt = file.Now,
        Reason = command.Reason,
        Duration = command.Duration.From(file.Now),
        Until = command.Duration.Until,
        Plan = plan,
        Authority = allowed.Authority,
        State = allowed.Authority.ApprovalsNeeded == 0 ? OperationState.Approved : OperationState.AwaitingApproval,
        StateSince = file.Now,
        RequestExpiresAt = file.Now + (allowed.Rule.Approvals?.RequestLives ?? LivesWithoutApproval),
        Lease = ours?.Id ?? Guid.CreateVersion7(file.Now),
    };
}
