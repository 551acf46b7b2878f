using System.Reflection;

namespace ChatOps.Sandbox.Page;

/// <summary>The page's own files, carried in the assembly; there is nothing else to serve and no path to walk.</summary>
internal static class PageFiles
{
    private const string Prefix = "page/";
    private static readonly Assembly Home = typeof(PageFiles).Assembly;
    private static readonly HashSet<string> Names = [.. Home.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..])];

    public static async Task ServeAsync(HttpContext context, string name)
    {
        PageGuard.Protect(context.Response);
        if (!Names.Contains(name))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => "application/octet-stream",
        };
        await using var file = Home.GetManifestResourceStream(Prefix + name)!;
        await file.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
