using System.Net;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd.Diffs;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd.Views;

/// <summary>One Argo CD, to be looked at: through the Kubernetes API, and through its own where a token is configured.</summary>
public sealed class ArgoCdView(ArgoCdOptions options, ClusterApi cluster, SurroundingsReader surroundings, ArgoCdApi? api, DriftReader drift, TimeProvider time) : IApplicationView
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
        return (ClusterAnswer.Ok, api is null ? deployed : deployed with { Sources = await NotedAsync(api, deployed, ct) });
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

    private static async Task<IReadOnlyList<DeployedSource>> NotedAsync(ArgoCdApi server, Deployed deployed, CancellationToken ct)
    {
        var noted = new List<DeployedSource>();
        foreach (var (source, at) in deployed.Sources.Select((source, at) => (source, at)))
        {
            var index = deployed.Sources.Count > 1 ? at : (int?)null;
            noted.Add(source.Commit is null ? source : source with { Note = await server.NoteAsync(deployed.Facts, source.Commit, index, ct) });
        }

        return noted;
    }

    private Task<ApiReply> GetAsync(ApplicationRef application, CancellationToken ct) =>
        cluster.GetAsync(ApplicationPaths.Application(application.Namespace, application.Name), ct);

    private ClusterAnswer Answer(ApiReply reply, ApplicationRef application) =>
        ClusterAnswers.Of(reply, new(cluster.Name, null, "get", $"applications/{application.Name}", application.Namespace));
}
