using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform;

/// <summary>
/// Whether each engine's cluster answers for its applications. Asked all the time by a probe, so one application is read
/// and not thousands. Null when all answer.
/// </summary>
public sealed class PlatformReach(PlatformOptions options, ClusterConnections clusters)
{
    public async Task<string?> WhatIsWrongAsync(CancellationToken ct)
    {
        var answers = await Task.WhenAll(options.ArgoCd.Select(async engine =>
        {
            var cluster = clusters.Of(engine.Cluster);
            var reply = await cluster.GetAsync($"{ApplicationPaths.Applications(engine.Namespace)}?limit=1", ct);
            var answer = ClusterAnswers.Of(reply, new(cluster.Name, null, "list", "applications", engine.Namespace));
            return answer.IsOk ? null : $"{engine.Name}: {answer.Sentence}";
        }));
        return answers.OfType<string>().ToList() is { Count: > 0 } troubles ? string.Join("; ", troubles) : null;
    }
}
