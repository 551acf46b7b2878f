using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>One JSON Patch with tests, as the user that a proof names, and what it came to.</summary>
internal sealed class GuardedPatch(ClusterApi cluster, ApplicationLook look)
{
    public const int Tries = 3;

    public Task<ApiReply> SendAsync(ApplicationRef target, string patch, Impersonation who, CancellationToken ct) =>
        cluster.PatchAsync($"{ApplicationPaths.Application(target.Namespace, target.Name)}?fieldManager={ArgoCdReconciler.FieldManager}", patch, who, ct);

    /// <summary>
    /// What a patch came to. A failed test, a lost answer and a 404 are looked into: the object tells what moved, that it
    /// was done after all, or that it is there. Null means that nothing explains it and it should be tried again.
    /// </summary>
    public async Task<ClusterAnswer?> SettleAsync(ApiReply reply, ApplicationRef target, Impersonation who, int tried, Func<ApplicationJson, ClusterAnswer?> judge)
    {
        var answer = ClusterAnswers.Of(reply, PatchOf(target, who));
        var isRace = IsFailedTest(reply) || answer.Kind == ClusterAnswerKind.Moved;
        if (!isRace && answer.Kind is not (ClusterAnswerKind.Unknown or ClusterAnswerKind.Gone))
        {
            return answer;
        }

        var (seen, read) = await look.AtAsync(target, CancellationToken.None); // the write went out: its outcome is learned even while stopping
        var judged = read is { } found ? judge(found) : seen.Kind == ClusterAnswerKind.Gone ? seen : null;
        return (isRace, judged) switch
        {
            (true, not null) => judged,
            (true, null) when read is null => seen,
            (true, null) when tried >= Tries => new(ClusterAnswerKind.FenceBusy, $"{target.Name} keeps changing under our hands; trying again in a moment"),
            (true, null) => null,
            (false, { IsOk: true }) => judged,

            // It answered, so nothing of it is under way any more, and the object shows that it was not done.
            (false, null) when read is not null && reply.Status == System.Net.HttpStatusCode.InternalServerError =>
                new(ClusterAnswerKind.Unavailable, $"Cluster {cluster.Name} could not do the change of {target.Name} ({(reply.Message.Length > 0 ? reply.Message : "status 500")}); it was looked at again, and nothing was changed"),
            (false, null) when answer.Kind == ClusterAnswerKind.Gone => read is null ? seen : ApplicationLook.NotGone(cluster, target),
            (false, not null) when answer.Kind == ClusterAnswerKind.Gone => judged,
            _ => answer,
        };
    }

    private Attempt PatchOf(ApplicationRef target, Impersonation who) =>
        new(cluster.Name, who.User, "patch", $"applications/{target.Name}", target.Namespace);

    // The server does not say which test; a schema or a policy names the object and the cause.
    public static bool IsFailedTest(ApiReply reply) =>
        reply.Status == System.Net.HttpStatusCode.UnprocessableEntity && reply.Body.Text("details", "name") is null && !reply.Body.Items("details", "causes").Any();
}
