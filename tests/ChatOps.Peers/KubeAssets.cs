namespace ChatOps.Peers;

/// <summary>Where the real binaries are, and, for who must do without them, why.</summary>
internal static class KubeAssets
{
    public const string Variable = "KUBEBUILDER_ASSETS";

    public static string? Folder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null;

    public static string? Missing()
    {
        if (Folder is not { } folder)
        {
            return $"needs a real API server: {Variable} is not set (tests/peers/kube-apiserver.sh builds one and prints the folder)";
        }

        return ((string[])["kube-apiserver", "etcd"])
            .Where(name => !File.Exists(Path.Combine(folder, name)))
            .Select(name => $"needs a real API server: {folder} has no {name}")
            .FirstOrDefault();
    }

    public static string PathOf(string name) => Path.Combine(Folder ?? throw new InvalidOperationException(Missing()), name);
}
