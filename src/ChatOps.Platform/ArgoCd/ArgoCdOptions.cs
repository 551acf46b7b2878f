namespace ChatOps.Platform.ArgoCd;

/// <summary>One entry of section <c>ArgoCd</c>: one Argo CD, in one namespace of one cluster.</summary>
public sealed class ArgoCdOptions
{
    /// <summary>How people name it: <c>instance/namespace/app</c>.</summary>
    public string Name { get; set; } = "argocd";

    /// <summary>Name of the cluster that it runs in; may be left out when there is only one.</summary>
    public string Cluster { get; set; } = "";

    /// <summary>Where its projects and, unless configured otherwise, its applications live.</summary>
    public string Namespace { get; set; } = "argocd";

    /// <summary>Further namespaces with Applications, where Argo CD was told to look there.</summary>
    public List<string> ApplicationNamespaces { get; init; } = [];

    /// <summary>Where people open it in a browser.</summary>
    public string ServerUrl { get; set; } = "";

    /// <summary>Of an account or project role that may get applications, at <see cref="ServerUrl"/>: for commit messages and exact diffs; where it may get accounts, for their tokens that outlive access.</summary>
    public string Token { get; set; } = "";

    /// <summary>What differs is asked of Argo CD then, and the bot needs to read no object for it.</summary>
    internal bool ComparesItself => Token.Length > 0 && ServerUrl.Length > 0;

    /// <summary>Null where none is configured: nothing at all would be read as a file of this machine.</summary>
    internal Uri? Server => ServerUrl.Length > 0 && Uri.TryCreate(ServerUrl.TrimEnd('/') + "/", UriKind.Absolute, out var url) ? url : null;

    internal IEnumerable<string> AllNamespaces => ApplicationNamespaces.Prepend(Namespace).Distinct();
}
