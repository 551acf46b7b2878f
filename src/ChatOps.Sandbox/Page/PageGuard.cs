using Microsoft.Extensions.Primitives;

namespace ChatOps.Sandbox.Page;

/// <summary>
/// Loopback is no protection from a web page that the same person has open elsewhere: only loopback names as Host
/// (DNS rebinding), and only the page's own Origin on whatever changes something (cross-site posts).
/// </summary>
public static class PageGuard
{
    private static readonly string[] LoopbackNames = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Guards every endpoint mapped on what this returns.</summary>
    public static RouteGroupBuilder MapGuarded(this IEndpointRouteBuilder endpoints, string prefix)
    {
        var group = endpoints.MapGroup(prefix);
        group.AddEndpointFilter(async (context, next) => Refuse(context.HttpContext.Request) is { } problem
            ? Results.Problem(problem, statusCode: StatusCodes.Status403Forbidden)
            : await next(context));
        return group;
    }

    internal static string? Refuse(HttpRequest request)
    {
        if (!LoopbackNames.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase))
        {
            return "The sandbox answers to localhost only.";
        }

        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return null;
        }

        return request.Headers.Origin is [var origin] && origin == $"{request.Scheme}://{request.Host.Value}"
            ? null
            : "Only the sandbox's own page may change something.";
    }

    internal static void Protect(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = new StringValues("no-referrer");
        response.Headers.CacheControl = "no-store";
    }
}
