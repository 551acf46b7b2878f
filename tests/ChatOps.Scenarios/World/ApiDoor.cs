using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ChatOps.Sandbox.World;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Scenarios.World;

/// <summary>
/// Stands between the product and its API server, simulated or real. What becomes of each request a test says; closed, it
/// refuses connections, as a machine on which nothing listens.
/// </summary>
public sealed class ApiDoor : IAsyncDisposable
{
    private readonly int port = Product.FreePort();
    private readonly string folder = Directory.CreateTempSubdirectory("chatops-door-").FullName;
    private readonly Uri behind;
    private readonly HttpMessageInvoker http;
    private readonly ConcurrentQueue<Passed> writes = new();
    private WebApplication? app;
    private int givenUp;

    private ApiDoor(string botKubeConfig)
    {
        var bot = KubernetesClientConfiguration.BuildConfigFromConfigFile(botKubeConfig);
        behind = new(bot.Host);
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.AddRange(bot.SslCaCerts);
        http = new(new SocketsHttpHandler { UseProxy = false, SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } });
        File.WriteAllText(KubeConfig, $$"""
            { "apiVersion": "v1", "kind": "Config", "current-context": "bot",
              "clusters": [ { "name": "behind", "cluster": { "server": "http://127.0.0.1:{{port}}" } } ],
              "users": [ { "name": "bot", "user": { "token": "{{bot.AccessToken}}" } } ],
              "contexts": [ { "name": "bot", "context": { "cluster": "behind", "user": "bot" } } ] }
            """);
    }

    /// <summary>The bot's, by this door.</summary>
    public string KubeConfig => Path.Combine(folder, "kubeconfig");

    /// <summary>Asked for each request.</summary>
    public Func<Knock, Passage> Judge { get; set; } = _ => Passage.Open;

    /// <summary>What was written as a user of ours to give or end access, and how the API server answered.</summary>
    public IReadOnlyCollection<Passed> Writes => writes;

    /// <summary>Of what should be written and nothing came of: how often whoever asked has stopped waiting.</summary>
    public int GivenUp => Volatile.Read(ref givenUp);

    public static async Task<ApiDoor> StartAsync(string botKubeConfig)
    {
        var door = new ApiDoor(botKubeConfig);
        await door.OpenAsync();
        return door;
    }

    public async Task OpenAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(50));
        app = builder.Build();
        app.Run(PassAsync);
        await app.StartAsync();
    }

    public async Task CloseAsync()
    {
        if (app is { } open)
        {
            app = null;
            await open.StopAsync();
            await open.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task PassAsync(HttpContext context)
    {
        var gone = context.RequestAborted;
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, gone);
        var knock = new Knock(context.Request.Method, context.Request.Path.Value ?? "", context.Request.Headers["Impersonate-User"].ToString(), System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
        var passage = Judge(knock);
        if (passage is Passage.Nothing)
        {
            await NeverAsync(gone);
            Interlocked.Add(ref givenUp, knock.IsWrite ? 1 : 0);
            return;
        }

        using var request = new HttpRequestMessage(new(knock.Method), new Uri(behind, context.Request.Path + context.Request.QueryString));
        request.Content = buffer.Length == 0 ? null : new ByteArrayContent(buffer.ToArray());
        foreach (var header in context.Request.Headers.Where(header => !header.Key.StartsWith("Host", StringComparison.OrdinalIgnoreCase) && !header.Key.StartsWith("Content-Length", StringComparison.OrdinalIgnoreCase)))
        {
            _ = request.Headers.TryAddWithoutValidation(header.Key, header.Value.OfType<string>()) || request.Content?.Headers.TryAddWithoutValidation(header.Key, header.Value.OfType<string>()) == true;
        }

        try
        {
            using var answer = await http.SendAsync(request, passage == Passage.Open ? gone : CancellationToken.None);
            if (knock.IsWrite)
            {
                writes.Enqueue(new(knock, answer.StatusCode));
            }

            if (passage is Passage.Done done)
            {
                done.Heard();
                await NeverAsync(gone);
                return;
            }

            await AnswerAsync(context, answer, gone);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            context.Abort(); // one of the two went away
        }
    }

    private static async Task AnswerAsync(HttpContext context, HttpResponseMessage answer, CancellationToken gone)
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        foreach (var header in answer.Headers.Where(header => header.Key is "Retry-After" or "Date"))
        {
            context.Response.Headers[header.Key] = header.Value.ToArray();
        }

        // As it comes: a watch is never over.
        await using var body = await answer.Content.ReadAsStreamAsync(gone);
        var part = new byte[16 * 1024];
        for (var read = await body.ReadAsync(part, gone); read > 0; read = await body.ReadAsync(part, gone))
        {
            await context.Response.Body.WriteAsync(part.AsMemory(0, read), gone);
            await context.Response.Body.FlushAsync(gone);
        }
    }

    private static async Task NeverAsync(CancellationToken gone) => await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>One request as it comes to the door.</summary>
    public sealed record Knock(string Method, string Path, string As, string Body)
    {
        /// <summary>Gives access, makes a token or ends it; questions are sent as the bot itself.</summary>
        public bool IsWrite => As is "chatops:grants" or "chatops:cluster-grants" or "chatops:projects" && Method != "GET";

        /// <summary>Asks what somebody may do.</summary>
        public bool Asks(string person) => Path.EndsWith("/subjectaccessreviews", StringComparison.Ordinal) && Body.Contains(person, StringComparison.Ordinal);
    }

    public sealed record Passed(Knock Knock, HttpStatusCode Status);
}

/// <summary>What becomes of a request at the door.</summary>
public abstract record Passage
{
    public static Passage Open { get; } = new Opened();

    /// <summary>It came, and nothing comes of it: no answer, nothing done.</summary>
    public sealed record Nothing : Passage;

    /// <summary>It is done, and whoever asked does not hear of it.</summary>
    public sealed record Done(Action Heard) : Passage;

    private sealed record Opened : Passage;
}
