using System.Net;
using System.Text.Json;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Overrides that a deny window in the application's project holds: stored there as <see cref="ReservedUser.Projects"/>, then a refresh
/// of the application as the role's user, by whose answer the window is known to be seen. A window that goes is followed by
/// a refresh as well, or it would be felt only at the next resync.
/// </summary>
internal sealed class WindowPause(ArgoCdOptions options, ClusterApi cluster, ApplicationLook look, GuardedPatch patches, TimeProvider time)
{
    private static readonly string RefreshPath = PauseFence.PathOf(Annotations.Refresh);

    /// <summary>What our writes found; whoever looks at windows asks it.</summary>
    public WindowHands Hands { get; } = new();

    public Task<bool?> CoversAsync(string project, CancellationToken ct) =>
        AccessReviews.MayAsync(cluster, ReservedUser.Projects, AccessQuestion.PatchProject(options.Namespace, project), ct);

    public async Task<ClusterAnswer> PauseAsync(AuthorizedOperation running, CancellationToken ct)
    {
        var operation = running.Operation;
        var target = operation.Plan.Application;
        var (seen, read) = await look.AtAsync(target.Ref, ct);
        if (read is not { } application)
        {
            return seen;
        }

        if (JudgeBefore(application, operation) is { } judged)
        {
            return judged;
        }

        var stored = await ChangeAsync(target.Project, running.OnBehalfOf, windows => Begin(windows, application, running), ct);
        return stored.IsOk ? await AskToCompareAsync(target.Ref, target.Uid, mustBeNew: true, new(running.KubernetesUser, running.OnBehalfOf), ct) : stored;
    }

    public async Task<ClusterAnswer> EndAsync(AuthorizedEnd end, CancellationToken ct)
    {
        var lease = end.Lease;
        var gone = await ChangeAsync(lease.WindowIn!, end.OnBehalfOf, windows => End(windows, lease), ct);
        if (!gone.IsOk && gone.Kind != ClusterAnswerKind.Gone)
        {
            return gone;
        }

        // The window is away whatever becomes of this; without it Argo CD sees that at its next resync.
        var asked = await AskToCompareAsync(lease.Target, lease.Uid, mustBeNew: false, new(end.KubernetesUser, end.OnBehalfOf), ct);
        return asked.IsTransient || asked.Kind == ClusterAnswerKind.Gone ? asked : ClusterAnswer.Ok;
    }

    public Task<ClusterAnswer> ExtendAsync(AuthorizedOperation extension, CancellationToken ct) =>
        ChangeAsync(extension.Operation.Plan.Application.Project, extension.OnBehalfOf, windows => Extend(windows, extension.Operation), ct);

    /// <summary>Applications that a window of ours names, whoever wrote its text.</summary>
    public async Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationRef> Held)> FindAsync(CancellationToken ct)
    {
        var reply = await cluster.GetAsync(ApplicationPaths.Projects(options.Namespace), ct);
        return reply.IsOk
            ? (ClusterAnswer.Ok, [.. reply.Body.Items("items").SelectMany(project => new ProjectWindows(project).Ours).Select(one => new ApplicationRef(options.Name, one.Ours.Namespace, one.Ours.Name)).Distinct()])
            : (ClusterAnswers.Of(reply, new(cluster.Name, null, "list", "appprojects", options.Namespace)), []);
    }

    /// <summary>The windows of a project; null where it could not be read, and the answer says why.</summary>
    public async Task<(ClusterAnswer Answer, ProjectWindows? Windows)> ReadAsync(string project, CancellationToken ct)
    {
        var read = await cluster.GetAsync(ApplicationPaths.Project(options.Namespace, project), ct);
        return read.IsOk ? (ClusterAnswer.Ok, new(read.Body))
            : read.Status == HttpStatusCode.NotFound ? (await GoneAsync(project, ct), null)
            : (ClusterAnswers.Of(read, new(cluster.Name, null, "get", $"appprojects/{project}", options.Namespace)), null);
    }

    private static ClusterAnswer? JudgeBefore(ApplicationJson application, Operation operation)
    {
        var target = operation.Plan.Application;
        return application.Uid != target.Uid ? new(ClusterAnswerKind.Moved, $"{target.Name} was deleted and made again since this was approved")
            : application.IsBeingDeleted ? new(ClusterAnswerKind.Moved, $"{target.Name} is being deleted")
            : application.Project != target.Project ? new(ClusterAnswerKind.Moved, $"{target.Name} is in project {application.Project} now, and was in {target.Project} when this was approved")
            : null;
    }

    private Step Begin(ProjectWindows windows, ApplicationJson application, AuthorizedOperation running)
    {
        var operation = running.Operation;
        if (windows.Ours.Any(one => one.Ours.Operation == operation.Id && one.Ours.IsFor(application))) // a namespace's are all of one operation
        {
            return new(ClusterAnswer.Ok);
        }

        var (now, until) = (time.GetUtcNow(), operation.EndsAt(operation.StateSince));
        var target = operation.Plan.Application.Ref;
        if (until <= now)
        {
            return new(new(ClusterAnswerKind.Rejected, $"What was to hold {target.Name} was to end at {OverrideMarks.Moment(until)}, before it could be stored; it is not there"));
        }

        // A window freezes an automatic operation where it is, and nothing could be deployed past that.
        if (operation.Plan.Work.Deploys && Flights.InFlight(application) is { } flight)
        {
            return new(new(ClusterAnswerKind.FenceBusy, $"an operation of {flight.By} is {(flight.WaitsToRetry ? "waiting to be tried again" : "under way")} on {target.Name}, and I do not take its place") { RetryAfter = TimeSpan.FromSeconds(1) });
        }

        if (operation.Plan.Work is BranchWork { Replaces: { } earlier })
        {
            return windows.Ours.FirstOrDefault(one => one.Ours.Operation == earlier && one.Ours.IsFor(application)) is { Ours: { } held, At: var at }
                ? new(ClusterAnswer.Ok, windows.Replace(at, (held with { Operation = operation.Id, Until = until, KubernetesUser = running.KubernetesUser }).ToJson(now)))
                : new(new(ClusterAnswerKind.Moved, $"the window that held {target.Name} is not there any more"));
        }

        // Each incident has one of its own, beside those that were seen; what is deployed behind one is nobody else's.
        if (windows.MarksOf(application, now).FirstOrDefault(one => one.Window!.IsOpen && (one.Incident == operation.Incident || operation.Plan.Work is not PauseWork { Since: not null })) is { } other)
        {
            return new(new(ClusterAnswerKind.Moved, $"a window of incident {other.Incident} holds {target.Name} since this was approved"));
        }

        var window = new PauseWindow(target.Namespace, target.Name, operation.Incident, operation.Id, until, running.KubernetesUser, windows.HadList).ToJson(now);
        return new(ClusterAnswer.Ok, windows.Add(window)) { Undo = stored => stored.Nameless(window) is { } at ? stored.Remove(at, windows.HadList) : null };
    }

    private static Step End(ProjectWindows windows, Lease lease) => windows.Ours.FirstOrDefault(one => lease.IsMarkedBy(one.Ours.Operation) && one.Ours.IsFor(lease.Target.Namespace, lease.Target.Name)) is { Ours: { } ours, At: var at }
        ? new(ClusterAnswer.Ok, windows.Remove(at, ours.HadList))
        : new(ClusterAnswer.Ok);

    private Step Extend(ProjectWindows windows, Operation extension)
    {
        var target = extension.Plan.Application.Ref;
        if (windows.Ours.LastOrDefault(one => one.Ours.Incident == extension.Incident && one.Ours.IsFor(target.Namespace, target.Name)) is not { Ours: { } ours, At: var at }) // the newest: one that somebody shut may still be there
        {
            return new(new(ClusterAnswerKind.Moved, $"{target.Name} is held by no window of incident #{extension.Incident} any more"));
        }

        var later = ours with { Until = extension.EndsAt(extension.StateSince) };
        return OverrideMarks.Moment(later.Until) == OverrideMarks.Moment(ours.Until) ? new(ClusterAnswer.Ok) : new(ClusterAnswer.Ok, windows.Replace(at, later.ToJson(time.GetUtcNow())));
    }

    /// <summary>Looks, writes what is due, and looks again: what the project holds then says whether it was done, also after a lost answer.</summary>
    private async Task<ClusterAnswer> ChangeAsync(string project, string person, Func<ProjectWindows, Step> next, CancellationToken ct)
    {
        var path = ApplicationPaths.Project(options.Namespace, project);
        var attempt = new Attempt(cluster.Name, ReservedUser.Projects, "patch", $"appprojects/{project}", options.Namespace);
        var who = new Impersonation(ReservedUser.Projects, person);
        for (var tried = 1; ; tried++)
        {
            var (unread, windows) = await ReadAsync(project, ct);
            if (windows is null)
            {
                return unread;
            }

            var step = next(windows);
            if (step.Patch is null)
            {
                return step.Answer;
            }

            if (tried > GuardedPatch.Tries)
            {
                return new(ClusterAnswerKind.FenceBusy, $"Project {project} keeps changing under our hands; trying again in a moment");
            }

            Hands.Of(windows.Raw); // after the write the list counts as ours
            var written = await cluster.PatchAsync($"{path}?fieldManager={ArgoCdReconciler.FieldManager}", step.Patch, who, ct);
            ct = CancellationToken.None; // the write went out: its outcome is learned even while stopping
            if (written.IsOk && await JudgeStoredAsync(written.Body, step, next, path, who) is { } judged)
            {
                return judged;
            }

            var answer = ClusterAnswers.Of(written, attempt);
            var isWorthLooking = written.IsOk || GuardedPatch.IsFailedTest(written) || answer.Kind is ClusterAnswerKind.Moved or ClusterAnswerKind.Unknown;
            if (!isWorthLooking || (answer.Kind == ClusterAnswerKind.Unknown && tried == GuardedPatch.Tries))
            {
                return answer;
            }
        }
    }

    /// <summary>An Argo CD that knows no description, or a webhook, may have taken the mark: then nothing would ever end the window as ours, and it goes at once.</summary>
    private async Task<ClusterAnswer?> JudgeStoredAsync(JsonElement stored, Step step, Func<ProjectWindows, Step> next, string path, Impersonation who)
    {
        var windows = new ProjectWindows(stored);
        var after = next(windows);
        if (after.Patch is null)
        {
            return after.Answer;
        }

        if (step.Undo is not { } undo)
        {
            return null;
        }

        if (undo(windows) is { } patch)
        {
            await cluster.PatchAsync($"{path}?fieldManager={ArgoCdReconciler.FieldManager}", patch, who, CancellationToken.None);
        }

        return new(ClusterAnswerKind.Rejected, $"Cluster {cluster.Name} took the window in project {windows.Name} and kept nothing by which it could be known again: this Argo CD's windows have no description, or an admission webhook takes it out");
    }

    /// <summary>As with applications, one 404 is no proof.</summary>
    private async Task<ClusterAnswer> GoneAsync(string project, CancellationToken ct)
    {
        var list = await cluster.GetAsync($"{ApplicationPaths.Projects(options.Namespace)}?fieldSelector={Uri.EscapeDataString($"metadata.name={project}")}", ct);
        return list.IsOk && !list.Body.Items("items").Any()
            ? new(ClusterAnswerKind.Gone, $"Project {project} does not exist any more, and its windows with it")
            : new(ClusterAnswerKind.Unavailable, $"Cluster {cluster.Name} does not say whether project {project} is there");
    }

    /// <param name="mustBeNew">An older request could be answered from what was seen before the window was there.</param>
    private async Task<ClusterAnswer> AskToCompareAsync(ApplicationRef target, string uid, bool mustBeNew, Impersonation who, CancellationToken ct)
    {
        for (var tried = 1; ; tried++)
        {
            var (seen, read) = await look.AtAsync(target, ct);
            if (read is not { } application)
            {
                return seen;
            }

            if (application.Uid != uid)
            {
                return new(ClusterAnswerKind.Gone, $"{target.Name} was deleted and made again; what held the old one is gone");
            }

            if (application.RefreshPending)
            {
                return mustBeNew
                    ? new(ClusterAnswerKind.FenceBusy, $"Argo CD has not answered an earlier refresh of {target.Name} yet; the pause waits for it, so that it can be proved to hold") { RetryAfter = TimeSpan.FromMilliseconds(500) }
                    : ClusterAnswer.Ok;
            }

            var reply = await patches.SendAsync(target, Refresh(application), who, ct);
            if (await patches.SettleAsync(reply, target, who, tried, _ => null) is { } answer)
            {
                return answer;
            }
        }
    }

    private static string Refresh(ApplicationJson application)
    {
        var patch = new JsonPatch().TestText("/metadata/uid", application.Uid);
        return (application.Annotations.IsObject
            ? patch.TestNothingAt(RefreshPath).AddText(RefreshPath, "normal")
            : patch.TestNothingAt("/metadata/annotations").AddTexts("/metadata/annotations", [new(Annotations.Refresh, "normal")])).ToString();
    }

    /// <summary>What to answer, and what to write before that.</summary>
    private sealed record Step(ClusterAnswer Answer, string? Patch = null)
    {
        /// <summary>What takes it out of the project again, when it was stored so that it cannot be known.</summary>
        public Func<ProjectWindows, string?>? Undo { get; init; }
    }
}
