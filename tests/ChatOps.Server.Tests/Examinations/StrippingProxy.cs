using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChatOps.Server.Tests.Examinations;

/// <summary>Something between us and Slack that lets bodies through and no header that it does not know.</summary>
internal sealed class StrippingProxy : IAsyncDisposable
{
    private readonly HttpClient http = new();
    private readonly WebApplication app;

    private StrippingProxy(Uri target)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapPost("/api/{method}", async (string method, HttpContext context) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(target, method)) { Content = new StreamContent(context.Request.Body) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
            request.Headers.TryAddWithoutValidation("Authorization", context.Request.Headers.Authorization.ToString());
            using var answer = await http.SendAsync(request);
            return Results.Bytes(await answer.Content.ReadAsByteArrayAsync(), "application/json");
        });
    }

    public string Url => $"{app.Urls.Single()}/api/";

    public static async Task<StrippingProxy> StartAsync(Uri target)
    {
        var proxy = new StrippingProxy(target);
        await proxy.app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
    }
}
