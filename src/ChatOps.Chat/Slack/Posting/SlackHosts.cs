namespace ChatOps.Chat.Slack.Posting;

/// <summary>
/// Which addresses that came in a payload we call. A signed payload is Slack's word, but a response URL is followed by our
/// process inside somebody's network, so only Slack's own hosts, or the one the operator configured, are.
/// </summary>
internal sealed class SlackHosts(Uri api)
{
    private static readonly string[] Hooks = ["hooks.slack.com", "hooks.slack-gov.com"];
    private static readonly string[] Files = ["files.slack.com", "files.slack-gov.com"];
    private static readonly string[] SocketDomains = [".slack.com", ".slack-gov.com"];

    public bool AllowsResponse(string? address, out Uri uri)
    {
        if (!TryParse(address, out uri))
        {
            return false;
        }

        var isSlack = uri.Scheme == Uri.UriSchemeHttps && uri.IsDefaultPort && Hooks.Contains(uri.Host, StringComparer.OrdinalIgnoreCase);
        return isSlack || IsApi(uri);
    }

    public bool AllowsUpload(string? address, out Uri uri) =>
        TryParse(address, out uri) && (uri.Scheme == Uri.UriSchemeHttps && uri.IsDefaultPort && Files.Contains(uri.Host, StringComparer.OrdinalIgnoreCase) || IsApi(uri));

    public bool AllowsSocket(string? address, out Uri uri)
    {
        if (!TryParse(address, out uri))
        {
            return false;
        }

        var host = uri.Host;
        var isSlack = uri.Scheme == Uri.UriSchemeWss && SocketDomains.Any(domain => host.EndsWith(domain, StringComparison.OrdinalIgnoreCase));
        var asSafeAsTheApi = uri.Scheme == Uri.UriSchemeWss || uri.Scheme == Uri.UriSchemeWs && api.Scheme == Uri.UriSchemeHttp;
        return isSlack || asSafeAsTheApi && host.Equals(api.Host, StringComparison.OrdinalIgnoreCase);
    }

    private bool IsApi(Uri uri) => uri.Scheme == api.Scheme && uri.Port == api.Port && uri.Host.Equals(api.Host, StringComparison.OrdinalIgnoreCase);

    private static bool TryParse(string? address, out Uri uri)
    {
        var isAddress = Uri.TryCreate(address, UriKind.Absolute, out var parsed) && parsed.UserInfo.Length == 0;
        uri = parsed ?? new Uri("about:blank");
        return isAddress;
    }
}
