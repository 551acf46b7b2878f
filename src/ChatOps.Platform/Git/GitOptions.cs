using ChatOps.Core;

namespace ChatOps.Platform.Git;

/// <summary>Section <c>Git</c>: the repositories that may be asked for branches. No other is ever contacted, whatever an Application names.</summary>
public sealed class GitOptions
{
    public List<GitRepositoryOptions> Repositories { get; init; } = [];

    /// <summary>Everything that is wrong, at once.</summary>
    public IEnumerable<Finding> Faults()
    {
        foreach (var (at, one) in Repositories.Index())
        {
            if (one.Url.Length == 0)
            {
                yield return Finding.Problem($"Git:Repositories:{at}:Url is empty", "Write the repository as Applications name it, or with a slash at the end all that begin so: https://github.com/acme/.");
                continue;
            }

            var asked = one.AskAt.Length > 0 ? one.AskAt : one.Url;
            if (!Uri.TryCreate(asked, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
            {
                yield return Finding.Problem($"Git:Repositories:{at} ({one.Url}) cannot be asked: only https is spoken, without a user in the address", "Set AskAt to where the same repository is over https, and Username and Token for it.");
            }
            else if (one.Token.Length > 0 && url.Scheme == "http" && !url.IsLoopback)
            {
                yield return Finding.Problem($"Git:Repositories:{at} ({one.Url}) would send its token without encryption", "Ask it over https.");
            }

            if (one.Url.EndsWith('/') != asked.EndsWith('/'))
            {
                yield return Finding.Problem($"Git:Repositories:{at}: one of Url and AskAt ends with a slash and the other does not", "With a slash both stand for all repositories below, without one for one repository.");
            }
        }
    }
}

/// <summary>One repository, or with a slash at the end of <see cref="Url"/> all whose addresses begin so.</summary>
public sealed class GitRepositoryOptions
{
    /// <summary>As Applications name it in <c>repoURL</c>.</summary>
    public string Url { get; init; } = "";

    /// <summary>Where it is asked over https, where that is not <see cref="Url"/>: ssh addresses, mirrors.</summary>
    public string AskAt { get; init; } = "";

    /// <summary>Goes with the token; most hosts take any name.</summary>
    public string Username { get; init; } = "chatops";

    /// <summary>May read the repository's contents and nothing else. Empty: nobody is named.</summary>
    public string Token { get; init; } = "";
}
