using System.Net;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd.Diffs;
using ChatOps.Platform.Git;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd.Views;

/// <summary>One Argo CD, to be looked at: through the Kubernetes API, and through its own where a token is configured.</summary>
public sealed class ArgoCdView(ArgoCdOptions options, ClusterApi cluster, SurroundingsReader surroundings, ArgoCdApi? api, GitRevisions? git, DriftReader drift, HandsWatch hands, TimeProvider time) : IApplicationView
{
    private const int AtOnce = 4;

    public string Instance => options.Name;

    public async Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationLine> Lines)> LinesAsync(IReadOnlyList<ApplicationRef> applications, CancellationToken ct)
    {
        var lines = new List<ApplicationLine>();
        foreach (var batch in applications.Chunk(AtOnce))
        {
            foreach (var (application, reply) in batch.Zip(await Task.WhenAll(batch.Select(application => GetAsync(application, ct)))))
            {
                if (reply.IsOk)
                {
                    lines.Add(DeployedReading.Line(application, new(reply.Body)));
                }
                else if (reply.Status != HttpStatusCode.NotFound)
                {
                    return (Answer(reply, application), lines);
                }
            }
        }

        return (ClusterAnswer.Ok, lines);
    }

    public async Task<(ClusterAnswer Answer, Deployed? Deployed)> ShowAsync(ApplicationRef application, CancellationToken ct)
    {
        var (answer, read, around) = await ReadAsync(application, ct);
        if (around is null)
        {
            return (answer, null);
        }

        var deployed = DeployedReading.Of(read, around, time.GetUtcNow());
        return (ClusterAnswer.Ok, deployed with { Sources = await NotedAsync(deployed, ct) });
    }

    public async Task<(ClusterAnswer Answer, IReadOnlyList<Happening> Happened)> HappenedAsync(ApplicationRef application, CancellationToken ct)
    {
        var reply = await GetAsync(application, ct);
        if (!reply.IsOk)
        {
            return (Answer(reply, application), []);
        }

        // Where the bot may not read Events, the object itself still tells who began what; where they only do not come, nothing is concluded.
        var events = await cluster.GetAsync(ApplicationPaths.Events(application.Namespace, application.Name), ct);
        return events.IsOk || events.Status == System.Net.HttpStatusCode.Forbidden
            ? (ClusterAnswer.Ok, Happenings.Of(new(reply.Body), events.IsOk ? [.. events.Body.Items("items")] : null, time.GetUtcNow()))
            : (ClusterAnswers.Of(events, new(cluster.Name, null, "list", "events", application.Namespace)), []);
    }

    public async Task<(ClusterAnswer Answer, DriftReport? Report)> CompareAsync(ApplicationRef application, CancellationToken ct)
    {
        var (answer, read, around) = await ReadAsync(application, ct);
        return around is null ? (answer, null) : (ClusterAnswer.Ok, await drift.ReadAsync(read, ApplicationReading.Facts(read, around, time.GetUtcNow()), ct));
    }

    public IAsyncEnumerable<HandsTaken> WatchHandsAsync(Func<IReadOnlySet<ApplicationRef>> scope, CancellationToken ct) => hands.ReadAsync(scope, ct);

    public IReadOnlyList<string> NotWatched => hands.NotWatched;

    private async Task<(ClusterAnswer Answer, ApplicationJson Read, Surroundings? Around)> ReadAsync(ApplicationRef application, CancellationToken ct)
    {
        var reply = await GetAsync(application, ct);
        if (!reply.IsOk)
        {
            return (Answer(reply, application), default, null);
        }

        var read = new ApplicationJson(reply.Body);
        var (answer, around) = await surroundings.ReadAsync(read, ct);
        return (answer, read, around);
    }

    private async Task<IReadOnlyList<DeployedSource>> NotedAsync(Deployed deployed, CancellationToken ct)
    {
        var several = deployed.Sources.Count > 1;
        return await Task.WhenAll(deployed.Sources.Select(async (source, at) => source.Commit is { } commit ? source with { Note = await NoteAsync(deployed.Facts, source, commit, several ? at : null, ct) } : source));
    }

    /// <summary>Argo CD has fetched the commit and knows; where it may not be asked, or is silent, the repository itself is.</summary>
    private async Task<CommitNote?> NoteAsync(ApplicationFacts facts, DeployedSource source, string commit, int? which, CancellationToken ct) =>
        (api is null ? null : await api.NoteAsync(facts, commit, which, ct)) ?? (git is null ? null : await git.NoteOfAsync(source.Repository, commit, ct));

    private Task<ApiReply> GetAsync(ApplicationRef application, CancellationToken ct) =>
        cluster.GetAsync(ApplicationPaths.Application(application.Namespace, application.Name), ct);

    private ClusterAnswer Answer(ApiReply reply, ApplicationRef application) =>
        ClusterAnswers.Of(reply, new(cluster.Name, null, "get", $"applications/{application.Name}", application.Namespace));
}
