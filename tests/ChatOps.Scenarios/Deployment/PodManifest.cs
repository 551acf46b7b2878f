using System.Globalization;
using System.Text.Json.Nodes;
using ChatOps.Peers;

namespace ChatOps.Scenarios.Deployment;

/// <summary>One mount of the container. <see cref="Kind"/> is what the volume is: configMap, secret, persistentVolumeClaim, emptyDir.</summary>
internal sealed record PodMount(string Path, string Kind, bool IsReadOnly, string? SizeLimit);

/// <summary>What the Deployment says of its pod, as kustomize wrote it and the API server took it.</summary>
internal sealed class PodManifest
{
    private readonly JsonNode pod;
    private readonly JsonNode container;

    private PodManifest(JsonNode pod)
    {
        this.pod = pod;
        container = pod["containers"]!.AsArray().Single()!;
    }

    public IReadOnlyList<PodMount> Mounts => [.. container["volumeMounts"]!.AsArray().Select(mount =>
    {
        var volume = pod["volumes"]!.AsArray().Single(volume => (string?)volume!["name"] == (string?)mount!["name"])!.AsObject();
        var kind = volume.Select(part => part.Key).Single(key => key != "name");
        return new PodMount((string)mount!["mountPath"]!, kind, (bool?)mount["readOnly"] == true, (string?)volume[kind]!["sizeLimit"]);
    })];

    public IReadOnlyDictionary<string, string> Environment => container["env"]!.AsArray().ToDictionary(one => (string)one!["name"]!, one => (string)one!["value"]!);

    public string Image => (string)container["image"]!;

    public TimeSpan Grace => TimeSpan.FromSeconds((int)pod["terminationGracePeriodSeconds"]!);

    public int VolumeGroup => (int)pod["securityContext"]!["fsGroup"]!;

    public bool MountsAccount => (bool?)pod["automountServiceAccountToken"] == true && (string?)pod["serviceAccountName"] == "chatops";

    public bool HasReadOnlyRoot => (bool?)container["securityContext"]!["readOnlyRootFilesystem"] == true;

    public bool GainsNoPrivileges => (bool?)container["securityContext"]!["allowPrivilegeEscalation"] == false;

    public bool HasNoCapabilities => container["securityContext"]!["capabilities"]?["drop"]?.AsArray().Any(one => (string?)one == "ALL") == true
        && container["securityContext"]!["capabilities"]!["add"] is null;

    /// <summary>What the restricted Pod security standard asks for and no process shows.</summary>
    public bool IsRestricted => HasReadOnlyRoot && GainsNoPrivileges && HasNoCapabilities && (bool?)pod["securityContext"]!["runAsNonRoot"] == true && (string?)pod["securityContext"]!["seccompProfile"]!["type"] == "RuntimeDefault"
        && pod["hostNetwork"] is null && pod["hostPID"] is null && (bool?)container["securityContext"]!["privileged"] != true;

    public string Probe(string probe) => (string)container[probe]!["httpGet"]!["path"]!;

    public string PortOf(string probe) => (string)container[probe]!["httpGet"]!["port"]!;

    public int Port(string name) => int.Parse(container["ports"]!.AsArray().Single(port => (string?)port!["name"] == name)!["containerPort"]!.ToString(), CultureInfo.InvariantCulture);

    /// <summary>What the container runs: its own command or else the image's, with its arguments.</summary>
    public IReadOnlyList<string> Command => [.. Words("command") is { Count: > 0 } own ? own : PublishedProgram.EntryPoint, .. Arguments];

    public IReadOnlyList<string> Arguments => Words("args");

    /// <summary>The claim whose volume is mounted there.</summary>
    public string? ClaimAt(string path)
    {
        var name = (string?)container["volumeMounts"]!.AsArray().Single(mount => (string?)mount!["mountPath"] == path)!["name"];
        return (string?)pod["volumes"]!.AsArray().Single(volume => (string?)volume!["name"] == name)!["persistentVolumeClaim"]!["claimName"];
    }

    private IReadOnlyList<string> Words(string field) => [.. (container[field]?.AsArray() ?? []).Select(word => (string)word!)];

    public static Task<PodManifest> ReadAsync(KubeApiServer cluster) => ReadAsync(cluster, "deployment/chatops");

    /// <param name="what">A pod, or what makes pods.</param>
    public static async Task<PodManifest> ReadAsync(KubeApiServer cluster, string what)
    {
        var spec = JsonNode.Parse(await cluster.RunAsync(KubeUser.Admin, "get", what, "--namespace=chatops", "--output=json"))!["spec"]!;
        return new(spec["template"]?["spec"] ?? spec);
    }
}
