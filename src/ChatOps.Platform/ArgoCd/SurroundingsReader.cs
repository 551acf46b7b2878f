using System.Net;
using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Reads what an Application is judged by: who owns it, its project's windows, what the CRD can do. What may not be read
/// is judged on the careful side: an owner that is claimed counts, a field that may be unknown is not relied on. What the
/// cluster did not answer is not judged at all: half the facts would look like another plan and make approvals fall.
/// </summary>
public sealed class SurroundingsReader(ArgoCdOptions options, ClusterApi cluster, ClusterNames names, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private readonly CrdFeatures features = new(time);
    private readonly ApplicationList applications = new(cluster, time);
    private Globals? globals; // one reference: several looks read and write it at once

    public async Task<(ClusterAnswer Answer, Surroundings? Around)> ReadAsync(ApplicationJson application, CancellationToken ct)
    {
        var asked = new Asking(cluster, application, ct);
        var projects = ProjectsAsync(application, asked);
        var owner = OwnerAsync(application, asked, ct);
        var knowsEnabled = features.KnowsEnabledAsync(asked.GetAsync);
        var (found, ownerObject) = await owner;
        var (read, unread) = await projects;
        var around = new Surroundings
        {
            Instance = options.Name,
            ClusterOf = destination => names.Of(destination, cluster.Name),
            Owner = found,
            OwnerObject = ownerObject,
            Projects = read,
            UnreadProjects = unread,
            KnowsEnabled = await knowsEnabled ?? !application.Automated.At("enabled").IsAbsent,
            ServerUrl = options.Server,
        };
        if (read is [var project, ..] && (PauseWays.Of(application, around).Missing ?? RevisionWays.Of(application, around).Missing) is not null)
        {
            around = around with { Window = await WindowAsync(application, project, asked) };
        }

        if (PauseWays.LacksEntry(application, around))
        {
            around = around with { Set = await SetAsync(around.Owner.Name, around.OwnerObject, asked) };
        }

        return asked.Unanswered is { } silence ? (silence, null) : (ClusterAnswer.Ok, around);
    }

    /// <summary>The project of an application and those that reach it, whose windows count; what cannot be read is not among them.</summary>
    internal async Task<IReadOnlyList<JsonElement>> ProjectsOfAsync(ApplicationJson application, CancellationToken ct) =>
        (await ProjectsAsync(application, new Asking(cluster, application, ct))).Read;

    /// <summary>Asked only where a window is the one way left: it takes some more calls.</summary>
    private async Task<WindowFacts> WindowAsync(ApplicationJson application, JsonElement project, Asking asked)
    {
        ApiReply? parent = null;
        var claim = Owners.ClaimedParent(new(project), options.Namespace, ProjectOwner.Kind);
        if (claim is not null)
        {
            parent = await asked.GetAsync(ApplicationPaths.Application(claim.Namespace, claim.Name));
        }

        var isGlobal = (await GlobalsAsync(asked)).Any(global => global.Name == application.Project);
        var namesakes = WindowReach.IsElsewhere(project, isGlobal) ? await asked.GetAsync(ApplicationPaths.ApplicationsNamed(application.Name)) : null;
        var facts = WindowReach.Facts(application, project, options.Name, isGlobal, namesakes is { IsOk: true } list ? list.Body : null);
        var (takenBack, risk) = ProjectOwner.Judge(ProjectList.Windows, new(project), claim, parent is { IsOk: true } read ? read.Body : null);
        return facts with { TakenBack = takenBack, Risk = risk };
    }

    /// <summary>Whether an entry of ours would stay there: whoever keeps the set is asked for as whoever keeps a project is.</summary>
    private async Task<SetFacts> SetAsync(string name, JsonElement set, Asking asked)
    {
        ApiReply? parent = null;
        var claim = Owners.ClaimedParent(new(set), options.Namespace, ProjectList.Ignored.Kind);
        if (claim is not null)
        {
            parent = await asked.GetAsync(ApplicationPaths.Application(claim.Namespace, claim.Name));
        }

        var (takenBack, risk) = ProjectOwner.Judge(ProjectList.Ignored, new(set), claim, parent is { IsOk: true } read ? read.Body : null);
        return new(name, new SetEntries(set).Uid, new SetEntries(set).HasList) { TakenBack = takenBack, Risk = risk is null ? PauseWays.Generated(name) : $"{risk} {PauseWays.Generated(name)}" };
    }

    private async Task<(Owner Owner, JsonElement Object)> OwnerAsync(ApplicationJson application, Asking asked, CancellationToken ct)
    {
        if (Owners.ClaimedSet(application) is { } set)
        {
            var reply = await asked.GetAsync(ApplicationPaths.Set(application.Namespace, set));
            return (new(OwnerKind.Set, set), reply.IsOk ? reply.Body : default);
        }

        if (Owners.ClaimedParent(application, options.Namespace) is { } claim)
        {
            var reply = await asked.GetAsync(ApplicationPaths.Application(claim.Namespace, claim.Name));
            var unread = !reply.IsOk && claim.ByTrackingId && !await IsGoneAsync(claim, reply, asked, ct);
            if (unread || (reply.IsOk && Owners.Manages(new(reply.Body), application, claim)))
            {
                return (new(OwnerKind.Parent, claim.Name), reply.IsOk ? reply.Body : default);
            }
        }

        return (Owners.Other(application), default);
    }

    /// <summary>As with the application itself, one 404 is no proof: whoever pauses the child of a parent that is there loses the pause to it.</summary>
    private async Task<bool> IsGoneAsync(ParentClaim claim, ApiReply reply, Asking asked, CancellationToken ct)
    {
        if (reply.Status != HttpStatusCode.NotFound)
        {
            return false;
        }

        var (answer, has) = await applications.HasAsync(new(options.Name, claim.Namespace, claim.Name), ct);
        asked.Heard(answer);
        return answer.IsOk && !has;
    }

    private async Task<(IReadOnlyList<JsonElement> Read, IReadOnlyList<string> Unread)> ProjectsAsync(ApplicationJson application, Asking asked)
    {
        var own = await asked.GetAsync(ApplicationPaths.Project(options.Namespace, application.Project));
        if (!own.IsOk)
        {
            return ([], [application.Project]);
        }

        var all = new List<JsonElement> { own.Body };
        var unread = new List<string>();
        foreach (var global in (await GlobalsAsync(asked)).Where(global => global.Reaches(own.Body) && global.Name != application.Project))
        {
            var reply = await asked.GetAsync(ApplicationPaths.Project(options.Namespace, global.Name));
            if (reply.IsOk)
            {
                all.Add(reply.Body);
            }
            else
            {
                unread.Add(global.Name);
            }
        }

        return (all, unread);
    }

    // Only where argocd-cm may be read; that nobody configured any is the common case, so it is asked rarely.
    private async Task<IReadOnlyList<GlobalProject>> GlobalsAsync(Asking asked)
    {
        var now = time.GetUtcNow();
        if (globals is { } known && now - known.At < Fresh)
        {
            return known.Projects;
        }

        var reply = await asked.GetAsync(ApplicationPaths.ArgoCdConfig(options.Namespace));
        var read = GlobalProject.Read(reply.Body.Text("data", "globalProjects"));
        if (asked.Unanswered is null)
        {
            globals = new(now, read);
        }

        return read;
    }

    private sealed record Globals(DateTimeOffset At, IReadOnlyList<GlobalProject> Projects);

    /// <summary>The calls of one look, and the first of them that got no answer.</summary>
    private sealed class Asking(ClusterApi cluster, ApplicationJson application, CancellationToken ct)
    {
        public ClusterAnswer? Unanswered { get; private set; }

        public async Task<ApiReply> GetAsync(string path)
        {
            var reply = await cluster.GetAsync(path, ct);
            if (reply.Silence != Silence.None || reply.Status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError)
            {
                Heard(ClusterAnswers.Of(reply, new(cluster.Name, null, "get", $"what applications/{application.Name} depends on", application.Namespace)));
            }

            return reply;
        }

        public void Heard(ClusterAnswer answer) => Unanswered ??= answer.IsTransient ? answer : null;
    }
}
