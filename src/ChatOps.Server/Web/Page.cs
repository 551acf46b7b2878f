using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ChatOps.Server.Web;

/// <summary>The frame of every page: one document, nothing loaded from anywhere, no script.</summary>
internal static class Page
{
    private const string Icon =
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%234658c9'/%3E%3Cpath d='M5 4h2v8H5zM9 4h2v8H9z' fill='%23fff'/%3E%3C/svg%3E";

    /// <summary>The stylesheet is inline and named by its hash, so that no other style can come in.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style.Sheet)))}'; "
        + "img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    public static ContentHttpResult Show(string title, Html body, int status = StatusCodes.Status200OK, int? refreshSeconds = null) =>
        TypedResults.Content(Document(title, body, refreshSeconds).Markup, "text/html; charset=utf-8", Encoding.UTF8, status);

    public static Html Document(string title, Html body, int? refreshSeconds) => Html.Of(
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <meta name="robots" content="noindex">
        {Html.When(refreshSeconds is not null, () => Html.Of($"""<meta http-equiv="refresh" content="{refreshSeconds!.Value}">"""))}
        <title>{title}</title>
        <link rel="icon" href="{new Html(Icon)}">
        <style>{new Html(Style.Sheet)}</style>
        </head>
        <body>
        {body}
        </body>
        </html>
        """);
}
