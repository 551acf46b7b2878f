using System.Net;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Platform.Kubernetes;

/// <summary>What one reply means, and how to say it to somebody who has been awake for twenty hours.</summary>
public static class ClusterAnswers
{
    private const string NoSuchPath = "the server could not find the requested resource";

    /// <summary>Judges what the reply alone can tell; who sent a patch with tests looks at the object again after a 422.</summary>
    public static ClusterAnswer Of(ApiReply reply, Attempt attempt) => reply switch
    {
        { Silence: Silence.NotSent } => new(ClusterAnswerKind.Unavailable, $"Cluster {attempt.Cluster} cannot be reached ({Short(reply.Trouble)}). Nothing was changed"),
        { Silence: Silence.Lost } => Unknown(attempt, Short(reply.Trouble)),
        { IsOk: true } => ClusterAnswer.Ok,
        _ => OfStatus(reply, attempt),
    };

    private static ClusterAnswer OfStatus(ApiReply reply, Attempt attempt) => reply.Status switch
    {
        HttpStatusCode.Unauthorized => new(ClusterAnswerKind.Forbidden, $"Cluster {attempt.Cluster} does not accept the bot's credentials (401). Run `ChatOps.Server doctor`: the token or certificate is wrong or has expired"),
        HttpStatusCode.Forbidden => Forbidden(reply, attempt),
        HttpStatusCode.NotFound when reply.Reason == "NotFound" && reply.Message != NoSuchPath && attempt.Verb != "list" => new(ClusterAnswerKind.Gone, $"There is no {attempt.What} in {attempt.Where}"),

        // Somebody else's 404: a proxy, or a server that does not serve Argo CD's types (yet). It says nothing about the object.
        HttpStatusCode.NotFound => new(ClusterAnswerKind.Unavailable, $"Cluster {attempt.Cluster} does not know Argo CD's types at that address (404), so whether {attempt.What} is there cannot be told"),
        HttpStatusCode.Gone => new(ClusterAnswerKind.Unavailable, $"Cluster {attempt.Cluster} has forgotten the version that was asked for; it is read again"),
        HttpStatusCode.Conflict => new(ClusterAnswerKind.Moved, $"{attempt.What} in {attempt.Where} was changed by somebody else at the same moment; nothing was written"),
        HttpStatusCode.UnprocessableEntity => new(ClusterAnswerKind.Rejected, $"Cluster {attempt.Cluster} did not take the change of {attempt.What}: {Said(reply)}"),
        HttpStatusCode.TooManyRequests => new(ClusterAnswerKind.Busy, $"Cluster {attempt.Cluster} is busy and asks to wait ({Said(reply)})")
        {
            RetryAfter = reply.RetryAfter ?? Seconds(reply.Body.Number("details", "retryAfterSeconds")),
        },
        >= HttpStatusCode.InternalServerError when MayHaveHappened(reply, attempt) => Unknown(attempt, Said(reply)),
        >= HttpStatusCode.InternalServerError => new(ClusterAnswerKind.Unavailable, $"Cluster {attempt.Cluster} has trouble of its own ({Said(reply)})")
        {
            RetryAfter = reply.RetryAfter,
        },
        _ => new(ClusterAnswerKind.Rejected, $"Cluster {attempt.Cluster} did not take the request for {attempt.What}: {Said(reply)}"),
    };

    private static ClusterAnswer Forbidden(ApiReply reply, Attempt attempt)
    {
        if (reply.Message.Contains("impersonate", StringComparison.Ordinal))
        {
            return new(ClusterAnswerKind.Forbidden, $"The bot may not act as {attempt.Subject} on cluster {attempt.Cluster}: the right to impersonate that user is missing. Run `ChatOps.Server rbac` and apply what it writes");
        }

        // An admission policy speaks for itself; RBAC names a missing right, which `rbac` writes.
        return reply.Message.Contains("ValidatingAdmissionPolicy", StringComparison.Ordinal) || reply.Message.Contains("denied the request", StringComparison.Ordinal)
            ? new(ClusterAnswerKind.Rejected, $"An admission policy of cluster {attempt.Cluster} refused the change of {attempt.What}: {Said(reply)}")
            : new(ClusterAnswerKind.Forbidden, $"{attempt.Subject} may not {attempt.Right}. The right is missing in the cluster: run `ChatOps.Server rbac` and apply what it writes");
    }

    // A gateway's time-out, and whatever ails the store (a lost leader, a closed connection), come after the request went
    // through. A webhook that cannot be asked comes before.
    private static bool MayHaveHappened(ApiReply reply, Attempt attempt) =>
        attempt.Verb is "patch" or "create" or "delete"
        && (reply.Status is HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout
            || reply.Reason is "Timeout" or "ServerTimeout"
            || (reply.Status == HttpStatusCode.InternalServerError && !reply.Message.Contains("failed calling webhook", StringComparison.Ordinal))
            || reply.Message.Contains("timed out", StringComparison.OrdinalIgnoreCase));

    private static ClusterAnswer Unknown(Attempt attempt, string trouble) =>
        new(ClusterAnswerKind.Unknown, $"Cluster {attempt.Cluster} did not say whether it changed {attempt.What} ({trouble}). It may have; it is looked at again");

    private static string Said(ApiReply reply) => reply.Message.Length > 0 ? Short(reply.Message) : $"status {(int)reply.Status}";

    private static string Short(string text) => text.Length <= 300 ? text : $"{text[..300]}…";

    private static TimeSpan? Seconds(int? seconds) => seconds is { } value ? ApiReply.Bounded(TimeSpan.FromSeconds(value)) : null;
}
