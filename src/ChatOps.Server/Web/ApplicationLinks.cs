using ChatOps.Core.Reconciliation;

namespace ChatOps.Server.Web;

/// <summary>Where an application's own page is, where the configuration tells (<c>ArgoCd:[]:ServerUrl</c>).</summary>
internal sealed class ApplicationLinks(IReadOnlyDictionary<string, Uri> servers)
{
    public static ApplicationLinks From(IConfiguration configuration)
    {
        var servers = new Dictionary<string, Uri>(StringComparer.Ordinal);
        foreach (var instance in configuration.GetSection("ArgoCd").GetChildren())
        {
            if (instance["Name"] is { } name && Uri.TryCreate(instance["ServerUrl"], UriKind.Absolute, out var server)
                && server.Scheme is ("http" or "https"))
            {
                servers[name] = server;
            }
        }

        return new(servers);
    }

    public Html Render(ApplicationRef application)
    {
        if (!servers.TryGetValue(application.Instance, out var server))
        {
            return Html.Of($"{application.Name}");
        }

        var path = $"{server.AbsoluteUri.TrimEnd('/')}/applications/{Uri.EscapeDataString(application.Namespace)}/{Uri.EscapeDataString(application.Name)}";
        return Html.Of($"""<a href="{path}" rel="noreferrer noopener">{application.Name}</a>""");
    }
}
