using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ChatOps.Sandbox.Git;

/// <summary>A Git host on loopback: the machine's own git answers for the repositories, over HTTP as real hosts do.</summary>
public sealed class GitServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly IReadOnlyDictionary<string, string> repositories;
    private readonly string? token;

    private GitServer(WebApplication app, IReadOnlyDictionary<string, string> repositories, string? token)
    {
        this.app = app;
        this.repositories = repositories;
        this.token = token;
    }

    public Uri Url { get; private set; } = new("http://127.0.0.1");

    /// <summary>Requests that were let in.</summary>
    public int Served { get; private set; }

    /// <summary>Answers 503 to everything while it is true.</summary>
    public bool IsDown { get; set; }

    /// <summary>Answers 503 once it has served so many; null: never.</summary>
    public int? DownAfter { get; set; }

    /// <param name="repositories">Where each path, such as <c>shop/deploy.git</c>, is on disk.</param>
    /// <param name="token">Asked of everybody as the password of whatever user; null: nobody is asked.</param>
    public static async Task<GitServer> StartAsync(IReadOnlyDictionary<string, string> repositories, CancellationToken ct, string? token = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        var server = new GitServer(builder.Build(), repositories, token);
        server.app.Run(server.AnswerAsync);
        await server.app.StartAsync(ct);
        server.Url = new Uri(server.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return server;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.TrimStart('/');
        var advertises = path.EndsWith("/info/refs", StringComparison.Ordinal);
        var name = advertises ? path[..^"/info/refs".Length] : path.EndsWith("/git-upload-pack", StringComparison.Ordinal) ? path[..^"/git-upload-pack".Length] : "";
        var isDown = IsDown || Served >= DownAfter;
        if (isDown || !IsLetIn(context) || !repositories.TryGetValue(name, out var repository))
        {
            context.Response.StatusCode = isDown ? 503 : IsLetIn(context) ? 404 : 401;
            return;
        }

        Served++;
        context.Response.ContentType = $"application/x-git-upload-pack-{(advertises ? "advertisement" : "result")}";
        var start = new ProcessStartInfo("git", advertises ? ["upload-pack", "--stateless-rpc", "--advertise-refs", repository] : ["upload-pack", "--stateless-rpc", repository])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var inherited in start.Environment.Keys.Where(key => key.StartsWith("GIT_", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(inherited);
        }

        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_PROTOCOL"] = context.Request.Headers["Git-Protocol"].ToString();
        using var process = Process.Start(start) ?? throw new InvalidOperationException("git did not start");
        var error = process.StandardError.ReadToEndAsync(context.RequestAborted);
        await context.Request.Body.CopyToAsync(process.StandardInput.BaseStream, context.RequestAborted);
        process.StandardInput.Close();
        await process.StandardOutput.BaseStream.CopyToAsync(context.Response.Body, context.RequestAborted);
        await process.WaitForExitAsync(context.RequestAborted);
        await error;
    }

    private bool IsLetIn(HttpContext context) => token is null
        || (context.Request.Headers.Authorization.ToString() is ['B', 'a', 's', 'i', 'c', ' ', .. var pair]
            && Encoding.UTF8.GetString(Convert.FromBase64String(pair)).Split(':', 2) is [_, var password] && password == token);
}
