using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChatOps.Peers;

/// <summary>
/// Stands between an API server's audit webhook, whose address is fixed when it starts, and whoever listens at the moment:
/// keeps what comes, passes it on as it came, twice or not at all when told. Speaks TLS, as whatever stands before the
/// product does: to a plain address an API server sends no token.
/// </summary>
public sealed class AuditRelay : IAsyncDisposable
{
    /// <summary>What the API server presents.</summary>
    public const string Token = "audit-of-this-cluster-0123456789";

    private readonly string folder = Directory.CreateTempSubdirectory("chatops-relay-").FullName;
    private readonly PrivateAuthority authority = new();
    private readonly HttpClient client = new();
    private readonly ConcurrentQueue<string> bodies = new();
    private readonly WebApplication app;
    private int failures;

    private AuditRelay(int port)
    {
        Url = new($"https://127.0.0.1:{port}/webhooks/kubernetes/audit");
        authority.WriteTo(folder);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        using var serving = X509Certificate2.CreateFromPemFile(Path.Combine(folder, "serving.crt"), Path.Combine(folder, "serving.key"));
        var certificate = X509CertificateLoader.LoadPkcs12(serving.Export(X509ContentType.Pfx), null);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port, listen => listen.UseHttps(certificate).Protocols = HttpProtocols.Http1));
        app = builder.Build();
        app.Run(PassOnAsync);
    }

    public Uri Url { get; }

    /// <summary>The authority that signed its certificate.</summary>
    public string AuthorityFile => Path.Combine(folder, "ca.crt");

    /// <summary>Where batches go; null: they are taken and nobody hears of them.</summary>
    public Uri? Target { get; set; }

    /// <summary>Each batch is passed on once more, as when its answer was lost.</summary>
    public bool Repeats { get; set; }

    /// <summary>Every batch that came, as it came.</summary>
    public IReadOnlyCollection<string> Bodies => bodies;

    public static async Task<AuditRelay> StartAsync()
    {
        var relay = new AuditRelay(Loopback.FreePorts(1)[0]);
        await relay.app.StartAsync();
        return relay;
    }

    /// <summary>The next batches are answered with an error and passed to nobody; the API server brings them again.</summary>
    public void Fail(int batches) => Interlocked.Exchange(ref failures, batches);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        client.Dispose();
        authority.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task PassOnAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        bodies.Enqueue(body);
        if (Interlocked.Decrement(ref failures) >= 0)
        {
            http.Response.StatusCode = StatusCodes.Status502BadGateway;
            return;
        }

        var (target, repeats) = (Target, Repeats);
        for (var times = target is null ? 0 : repeats ? 2 : 1; times > 0; times--)
        {
            http.Response.StatusCode = await PostAsync(target!, body, http.Request.Headers.Authorization.ToString());
        }
    }

    private async Task<int> PostAsync(Uri target, string body, string authorization)
    {
        using var post = new HttpRequestMessage(HttpMethod.Post, target) { Content = new StringContent(body, new MediaTypeHeaderValue("application/json")) };
        post.Headers.TryAddWithoutValidation("Authorization", authorization);
        try
        {
            using var answer = await client.SendAsync(post);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return StatusCodes.Status502BadGateway; // nobody listens there any more
        }
    }
}
