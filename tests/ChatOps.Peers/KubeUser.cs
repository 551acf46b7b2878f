namespace ChatOps.Peers;

/// <summary>Somebody the API server knows by a bearer token: a line of its token file.</summary>
public sealed record KubeUser(string Name, string Token, params string[] Groups)
{
    /// <summary>May do everything: sets the scene, and looks afterwards.</summary>
    public static KubeUser Admin { get; } = new("admin", "admin-token", "system:masters");

    /// <summary>The bot, named and grouped as its ServiceAccount would be.</summary>
    public static KubeUser Bot { get; } = new(
        "system:serviceaccount:chatops:chatops", "bot-token", "system:serviceaccounts", "system:serviceaccounts:chatops");

    internal string TokenFileLine => $"{Token},{Name},{Name},\"{string.Join(',', Groups)}\"";
}
