using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// One Argo CD, reached through the Kubernetes API alone. Reads happen as the bot; every write is one JSON Patch with
/// tests, as the user that its proof names, and is idempotent: it looks before it writes and after a doubt.
/// </summary>
public sealed partial class ArgoCdReconciler(ArgoCdOptions options, ClusterApi cluster, SurroundingsReader surroundings, TimeProvider time) : IReconciler
{
    public const string FieldManager = "chatops";
    private readonly ApplicationList applications = new(cluster, time);
    private readonly ApplicationLook look = new(cluster, time);
    private readonly GuardedPatch patches = new(cluster, new(cluster, time));
    private readonly FieldsPause fields = new(new(cluster, time), new(cluster, new(cluster, time)), cluster.Name, time);
    private readonly WindowPause windows = new(options, cluster, new(cluster, time), new(cluster, new(cluster, time)), time);
    private readonly ApplicationWatch watch = new(options, new(cluster, time), cluster, time);

    public string Instance => options.Name;

    public IReadOnlyList<WatchState> Watches => watch.States;

    private WindowReader Windows => new(options, cluster, applications, windows.Hands, time);

    public async Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationRef> Applications)> ListAsync(CancellationToken ct)
    {
        var all = new List<ApplicationRef>();
        foreach (var ns in options.AllNamespaces)
        {
            var (answer, found) = await applications.ReadAsync(ns, ct);
            if (!answer.IsOk)
            {
                return (answer, []);
            }

            all.AddRange(found.Items.Select(glance => new ApplicationRef(Instance, glance.Namespace, glance.Name)));
        }

        return (ClusterAnswer.Ok, all);
    }

    public async Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationRef> Applications)> NamedAsync(string name, CancellationToken ct)
    {
        var all = new List<ApplicationRef>();
        foreach (var ns in options.AllNamespaces)
        {
            var (answer, found) = await applications.NamedAsync(ns, name, ct);
            if (!answer.IsOk)
            {
                return (answer, []);
            }

            all.AddRange(found.Select(glance => new ApplicationRef(Instance, glance.Namespace, glance.Name)));
        }

        return (ClusterAnswer.Ok, all);
    }

    public async Task<(ClusterAnswer Answer, ApplicationFacts? Facts)> InspectAsync(ApplicationRef application, CancellationToken ct)
    {
        var (answer, read) = await look.AtAsync(application, ct);
        if (read is not { } found)
        {
            return (answer, null);
        }

        var (unread, around) = await surroundings.ReadAsync(found, ct);
        return around is null ? (unread, null) : (ClusterAnswer.Ok, ApplicationReading.Facts(found, around, time.GetUtcNow()));
    }

    public Task<bool?> CoversAsync(string kubernetesUser, ApplicationRef application, CancellationToken ct) =>
        AccessReviews.MayAsync(cluster, kubernetesUser, AccessQuestion.PatchApplication(application.Namespace, application.Name), ct);

    public Task<bool?> CoversWindowsAsync(string project, CancellationToken ct) => windows.CoversAsync(project, ct);

    public async Task<ClusterAnswer> PauseAsync(AuthorizedOperation operation, CancellationToken ct)
    {
        if (operation.Operation.Plan.Of<AboutPause>().Mechanism == PauseMechanism.Window)
        {
            return await windows.PauseAsync(operation, ct);
        }

        if (operation.Operation.Plan.Of<AboutPause>().Mechanism == PauseMechanism.Fields)
        {
            return await fields.PauseAsync(operation, ct);
        }

        var target = operation.Operation.Plan.Application.Ref;
        var who = new Impersonation(operation.KubernetesUser, operation.OnBehalfOf);
        for (var tried = 1; ; tried++)
        {
            var (seen, read) = await look.AtAsync(target, ct);
            if (read is not { } application)
            {
                return seen;
            }

            if (PauseFence.JudgeBefore(application, operation.Operation) is { } judged)
            {
                if (PauseFence.IsLeftOver(application, operation.Operation))
                {
                    await patches.SendAsync(target, PauseRestore.ClearMarks(application, operation.Operation.Id), who, ct);
                }

                return judged;
            }

            var expiresAt = operation.Operation.EndsAt(operation.Operation.StateSince);
            if (expiresAt <= time.GetUtcNow())
            {
                return new(ClusterAnswerKind.Rejected, $"The pause of {target.Name} was to end at {OverrideMarks.Moment(expiresAt)}, before it could be stored; it is not there");
            }

            if (operation.Operation.Plan.Of<AboutPause>().InSet is { } entry && await sets.AddAsync(operation, entry, ct) is { IsOk: false } notYet)
            {
                return notYet;
            }

            var reply = await patches.SendAsync(target, PauseFence.Patch(application, operation.Operation, expiresAt), who, ct);
            if (reply.IsOk && !new ApplicationJson(reply.Body).IsSwitchedOff(operation.Operation.Plan.Of<AboutPause>().Mechanism))
            {
                if (tried < GuardedPatch.Tries)
                {
                    continue; // stored without the field: a schema or a webhook dropped it, and the next look says so
                }

                return new(ClusterAnswerKind.Rejected, $"Cluster {cluster.Name} took the pause of {target.Name} and stored nothing of it: an admission webhook takes it out");
            }

            if (await patches.SettleAsync(reply, target, who, tried, found => PauseFence.JudgeBefore(found, operation.Operation)) is { } answer)
            {
                return answer;
            }
        }
    }

    public async Task<ClusterAnswer> MarkAsync(AuthorizedOperation extension, CancellationToken ct)
    {
        var operation = extension.Operation;
        if (operation.Plan.Of<AboutPause>().Mechanism == PauseMechanism.Window)
        {
            return await windows.ExtendAsync(extension, ct);
        }

        var target = operation.Plan.Application.Ref;
        var who = new Impersonation(extension.KubernetesUser, extension.OnBehalfOf);
        var expiresAt = OverrideMarks.Moment(operation.EndsAt(operation.StateSince));
        for (var tried = 1; ; tried++)
        {
            var (seen, read) = await look.AtAsync(target, ct);
            if (read is not { } application)
            {
                return seen;
            }

            if (JudgeMark(application, operation, expiresAt) is { } judged)
            {
                return judged;
            }

            var patch = new JsonPatch()
                .TestText("/metadata/uid", application.Uid)
                .TestText(PauseFence.PathOf(Annotations.Operation), application.Annotation(Annotations.Operation)!)
                .TestText(PauseFence.PathOf(Annotations.Incident), application.Annotation(Annotations.Incident)!) // another one may hold it on by now
                .AddText(PauseFence.PathOf(Annotations.ExpiresAt), expiresAt);
            var reply = await patches.SendAsync(target, patch.ToString(), who, ct);
            if (await patches.SettleAsync(reply, target, who, tried, found => JudgeMark(found, operation, expiresAt)) is { } answer)
            {
                return answer;
            }
        }
    }

    public Task<ClusterAnswer> RefreshAsync(AuthorizedOperation operation, CancellationToken ct) => CarryOnAsync(operation, RefreshStep.Next, ct);

    public Task<ClusterAnswer> SyncAsync(AuthorizedOperation operation, CancellationToken ct) => CarryOnAsync(operation, SyncStep.Next, ct, minded: true);

    public Task<ClusterAnswer> TerminateAsync(AuthorizedOperation operation, CancellationToken ct) => CarryOnAsync(operation, TerminateStep.Next, ct);

    public async Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationFacts> Found)> FindOverridesAsync(CancellationToken ct)
    {
        // What cannot be read must not hide what can: the rest is found, and the answer says that it is not all.
        var (trouble, held) = await windows.FindAsync(ct);
        var carriers = new HashSet<ApplicationRef>(held);
        foreach (var ns in options.AllNamespaces)
        {
            var (answer, list) = await applications.ReadAsync(ns, ct);
            trouble = trouble.IsOk ? answer : trouble;
            carriers.UnionWith(list.Items.Where(glance => glance.CarriesOverride).Select(glance => new ApplicationRef(Instance, glance.Namespace, glance.Name)));
        }

        var found = new List<ApplicationFacts>();
        foreach (var application in carriers)
        {
            var (inspected, facts) = await InspectAsync(application, ct);
            if (facts is not null)
            {
                found.Add(facts);
            }
            else if (trouble.IsOk && inspected.Kind != ClusterAnswerKind.Gone)
            {
                trouble = inspected;
            }
        }

        return (trouble, found);
    }

    public Task<(ClusterAnswer Answer, IReadOnlyList<SeenWindows> Projects)> WindowsAsync(CancellationToken ct) => Windows.ReadAsync(ct);

    public Task<(ClusterAnswer Answer, IReadOnlyList<IReadOnlyList<ApplicationRef>> Reaches)> ReachAsync(IReadOnlyList<(string Project, SeenWindow Window)> windows, CancellationToken ct) => Windows.ReachAsync(windows, ct);

    public IAsyncEnumerable<ApplicationNews> WatchAsync(CancellationToken ct) => watch.ReadAsync(ct);

    /// <summary>Looks, writes what is due if anything is, and says how far it is; what a step decides is pure.</summary>
    /// <param name="minded">The windows are asked about while it is under way: one that comes in the middle shows nowhere else.</param>
    private async Task<ClusterAnswer> CarryOnAsync(AuthorizedOperation operation, Func<ApplicationJson, Operation, DateTimeOffset, EngineStep> next, CancellationToken ct, bool minded = false)
    {
        var target = operation.Operation.Plan.Application;
        var who = new Impersonation(operation.KubernetesUser, operation.OnBehalfOf);
        for (var tried = 1; ; tried++)
        {
            var (seen, read) = await look.AtAsync(target.Ref, ct);
            if (read is not { } application)
            {
                return seen;
            }

            var step = Next(application);
            if (minded && step.Patch is null && OurOperation.IsUnderWay(application, operation.Operation)
                && SyncWindows.BlocksOperations(application, await surroundings.ProjectsOfAsync(application, ct), time.GetUtcNow()) is { } window)
            {
                step = SyncStep.Kept(window, application, operation.Operation, time.GetUtcNow());
            }

            if (step.Patch is null)
            {
                return step.Answer;
            }

            var reply = await patches.SendAsync(target.Ref, step.Patch, who, ct);
            if (await patches.SettleAsync(reply, target.Ref, who, tried, found => Next(found) is { Patch: null } done ? done.Answer : null) is { } answer)
            {
                return answer.IsOk && reply.IsOk ? step.Answer : answer;
            }
        }

        EngineStep Next(ApplicationJson application) => application.Uid == target.Uid
            ? next(application, operation.Operation, time.GetUtcNow())
            : EngineStep.Say(ClusterAnswerKind.Moved, $"{target.Name} was deleted and made again since this was approved");
    }

    /// <summary>What became of an extension; null when it may be written.</summary>
    private static ClusterAnswer? JudgeMark(ApplicationJson application, Operation operation, string expiresAt)
    {
        var mark = OverrideMarks.Read(application);
        if (mark is null && application.Uid == operation.Plan.Application.Uid
            && application.IsSwitchedOff(PauseMechanism.SwitchOff) && application.WriterOfPauseField() is { Manager: FieldManager })
        {
            return ClusterAnswer.Ok; // its owner takes our annotations away, so there is no moment to move; the lease's counts
        }

        if (application.Uid != operation.Plan.Application.Uid || mark is null || mark.Incident != operation.Incident)
        {
            return new(ClusterAnswerKind.Moved, $"{operation.Plan.Target.Name} carries no override of incident #{operation.Incident} any more");
        }

        return application.Annotation(Annotations.ExpiresAt) == expiresAt ? ClusterAnswer.Ok : null;
    }
}
