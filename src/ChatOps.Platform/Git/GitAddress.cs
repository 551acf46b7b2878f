namespace ChatOps.Platform.Git;

/// <summary>Where a repository of an Application is asked, and with what. Pure.</summary>
internal sealed record GitAddress(Uri Url, GitRepositoryOptions Entry)
{
    /// <summary>The longest entry that fits; null when none does, or when the address tries to leave what the entry stands for.</summary>
    public static GitAddress? Of(string repository, GitOptions options)
    {
        var name = Normal(repository);
        foreach (var entry in options.Repositories.OrderByDescending(entry => entry.Url.Length))
        {
            var isFolder = entry.Url.EndsWith('/');
            if (isFolder ? !name.StartsWith(entry.Url, StringComparison.Ordinal) || name.Length == entry.Url.Length : name != Normal(entry.Url))
            {
                continue;
            }

            var at = entry.AskAt.Length > 0 ? entry.AskAt : entry.Url;
            var root = new Uri(at.TrimEnd('/') + "/");
            var whole = isFolder ? new Uri(root.AbsoluteUri + repository.TrimEnd('/')[entry.Url.Length..] + "/") : root;

            // Dots and escapes are resolved by now: the token of one folder must not go to another.
            return whole.AbsoluteUri.StartsWith(root.AbsoluteUri, StringComparison.Ordinal) && whole.Query.Length == 0 && whole.Fragment.Length == 0 ? new(whole, entry) : null;
        }

        return null;
    }

    private static string Normal(string repository)
    {
        var trimmed = repository.TrimEnd('/');
        return trimmed.EndsWith(".git", StringComparison.Ordinal) ? trimmed[..^4] : trimmed;
    }
}
