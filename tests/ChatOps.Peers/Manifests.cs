namespace ChatOps.Peers;

/// <summary>The manifests of the repository, as kubectl builds them.</summary>
public static class Manifests
{
    private static readonly string[] TooNewForTheTestsApiServer =
        ["kind: ValidatingAdmissionPolicy", "kind: ValidatingAdmissionPolicyBinding", "kind: CronJob"];

    /// <summary>Builds a folder below the root and applies it, admission policies (Kubernetes 1.30) and CronJobs (1.21) excepted.</summary>
    public static async Task ApplyManifestsAsync(this KubeApiServer cluster, string folder)
    {
        var documents = await cluster.RunAsync(KubeUser.Admin, "kustomize", Path.Combine(Repository.Root, folder));
        await cluster.ApplyAsync(string.Join("\n---\n", documents.Split("\n---\n").Where(IsKnownToTheTestsApiServer)));
    }

    private static bool IsKnownToTheTestsApiServer(string document) =>
        !document.Split('\n').Intersect(TooNewForTheTestsApiServer, StringComparer.Ordinal).Any();
}
