using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ChatOps.Peers;
using ChatOps.Sandbox.Slack;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Scenarios.Deployment;

/// <summary>The four mounts of the Deployment: the ConfigMap of manifests/base with real ids, the Secret, the service account, the volume.</summary>
internal sealed record PodFiles(string Config, string Secrets, string Account, string Data, string Log, Uri SlackApi)
{
    /// <summary>What a volume of that kind holds; the Deployment has one of each.</summary>
    public string Of(string volume) => volume switch
    {
        "configMap" => Config,
        "secret" => Secrets,
        "persistentVolumeClaim" => Data,
        _ => throw new ArgumentOutOfRangeException(nameof(volume), volume, "the Deployment mounts something that nobody fills here"),
    };

    public static async Task<PodFiles> WriteAsync(string folder, PodManifest manifest, KubeApiServer cluster, SimulatedSlack slack)
    {
        var files = new PodFiles(Make("config"), Make("secrets"), Make("account"), Make("data"), Path.Combine(folder, "pod.log"), slack.ApiBaseUrl);
        var settings = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "manifests/base/appsettings.json"));
        await File.WriteAllTextAsync(Path.Combine(files.Config, "appsettings.json"), settings
            .Replace("T0REPLACEME", SampleWorkspace.TeamId, StringComparison.Ordinal)
            .Replace("U0REPLACEA", SampleWorkspace.Alice, StringComparison.Ordinal)
            .Replace("U0REPLACEC", SampleWorkspace.Bob, StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(files.Secrets, "Slack__BotToken"), slack.Options.BotToken);
        await File.WriteAllTextAsync(Path.Combine(files.Secrets, "Slack__SigningSecrets__0"), slack.Options.SigningSecret);
        await File.WriteAllTextAsync(Path.Combine(files.Account, "token"), await TokenAsync(cluster));
        await File.WriteAllTextAsync(Path.Combine(files.Account, "namespace"), "chatops");
        File.Copy(cluster.AuthorityFile, Path.Combine(files.Account, "ca.crt"));
        // As fsGroup makes the volume writable.
        using var own = Process.Start("chgrp", [manifest.VolumeGroup.ToString(CultureInfo.InvariantCulture), files.Data]);
        await own.WaitForExitAsync();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(files.Data, (UnixFileMode)0b010_111_111_101);
        }

        return files;

        string Make(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
    }

    /// <summary>As the kubelet gets it for the pod.</summary>
    private static async Task<string> TokenAsync(KubeApiServer cluster)
    {
        using var admin = new ApiCaller(cluster, KubeUser.Admin);
        var answer = await admin.CreateAsync(
            "/api/v1/namespaces/chatops/serviceaccounts/chatops/token",
            """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":3600}}""");
        return (string)JsonNode.Parse(answer.Body)!["status"]!["token"]!;
    }
}
