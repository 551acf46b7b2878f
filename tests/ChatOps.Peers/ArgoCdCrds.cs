using System.Net;

namespace ChatOps.Peers;

/// <summary>Argo CD's custom resources: the genuine definitions where CHATOPS_ARGOCD_CRDS names their folder, else a small set of ours.</summary>
public static class ArgoCdCrds
{
    private const int AnswersInARow = 10;

    public static bool AreGenuine => GenuineFolder is not null;

    private static string? GenuineFolder =>
        Environment.GetEnvironmentVariable("CHATOPS_ARGOCD_CRDS") is { Length: > 0 } folder ? folder : null;

    /// <summary>Applies them and waits until the API server serves them steadily.</summary>
    public static async Task ApplyArgoCdCrdsAsync(this KubeApiServer cluster)
    {
        foreach (var file in GenuineFolder is { } folder ? Directory.GetFiles(folder, "*.yaml") : [OwnFile])
        {
            await cluster.ApplyAsync(await File.ReadAllTextAsync(file));
        }

        using var admin = cluster.ClientFor(KubeUser.Admin);
        foreach (var kind in (string[])["applications", "appprojects", "applicationsets"])
        {
            await ServedSteadilyAsync(admin, kind);
        }
    }

    // 404 until established, then 429 "storage is (re)initializing" each time a condition of the definition changes.
    private static async Task ServedSteadilyAsync(HttpClient admin, string kind)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var row = 0; row < AnswersInARow; row++)
        {
            using var answer = await admin.GetAsync($"/apis/argoproj.io/v1alpha1/{kind}", limit.Token);
            row = answer.StatusCode == HttpStatusCode.OK ? row : -1;
            await Task.Delay(50, limit.Token);
        }
    }

    private static string OwnFile => Path.Combine(Repository.Root, "tests/peers/crds.yaml");
}
