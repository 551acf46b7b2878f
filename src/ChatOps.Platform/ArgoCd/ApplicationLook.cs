using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Looks at one Application. What is concluded from "it is not there" is final (a lease ends with it), so one 404 is no
/// proof: the store's own list has to say the same.
/// </summary>
internal sealed class ApplicationLook(ClusterApi cluster, TimeProvider time)
{
    private readonly ApplicationList applications = new(cluster, time);

    public async Task<(ClusterAnswer Answer, ApplicationJson? Read)> AtAsync(ApplicationRef target, CancellationToken ct)
    {
        var reply = await cluster.GetAsync(ApplicationPaths.Application(target.Namespace, target.Name), ct);
        if (!reply.IsOk)
        {
            var answer = ClusterAnswers.Of(reply, new(cluster.Name, null, "get", $"applications/{target.Name}", target.Namespace));
            return (answer.Kind == ClusterAnswerKind.Gone ? await ProvedAsync(answer, target, ct) : answer, null);
        }

        // Something between us and the cluster may answer 200 with anything; nothing must be concluded from that.
        var application = new ApplicationJson(reply.Body);
        return application.Uid.Length > 0 && application.Name == target.Name
            ? (ClusterAnswer.Ok, application)
            : (new(ClusterAnswerKind.Unavailable, $"What cluster {cluster.Name} answered is not the application {target.Name}; is something between us and the API server?"), null);
    }

    /// <summary>Somebody answered 404, and the application is there.</summary>
    public static ClusterAnswer NotGone(ClusterApi cluster, ApplicationRef target) =>
        new(ClusterAnswerKind.Unavailable, $"Cluster {cluster.Name} answered 404 for {target.Name}, and lists it all the same; is something between us and the API server?");

    private async Task<ClusterAnswer> ProvedAsync(ClusterAnswer gone, ApplicationRef target, CancellationToken ct) =>
        await applications.HasAsync(target, ct) switch
        {
            (_, true) => NotGone(cluster, target),
            ({ IsOk: true }, false) => gone,
            var (silence, _) => new(ClusterAnswerKind.Unavailable, $"Cluster {cluster.Name} answered 404 for {target.Name}, and whether it was deleted cannot be told: {silence.Sentence}") { RetryAfter = silence.RetryAfter },
        };
}
