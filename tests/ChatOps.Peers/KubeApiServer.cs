using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ChatOps.Peers;

/// <summary>A real kube-apiserver over a real etcd, on loopback, with RBAC on and everything it knows in one temporary folder.</summary>
public sealed class KubeApiServer : IAsyncDisposable
{
    private readonly PrivateAuthority authority;
    private readonly SupervisedProcess etcd;
    private readonly int port;
    private readonly IReadOnlyList<string> arguments;
    private SupervisedProcess? server;

    private KubeApiServer(string folder, PrivateAuthority authority, SupervisedProcess etcd, int etcdPort, int port, AuditRelay? relay)
    {
        Folder = folder;
        this.authority = authority;
        this.etcd = etcd;
        this.port = port;
        arguments = [.. ServerFlags.For(folder, etcdPort, port), .. relay is null ? [] : ServerFlags.AuditWebhook(folder, relay)];
    }

    /// <summary>Whether KUBEBUILDER_ASSETS names a folder with kube-apiserver and etcd.</summary>
    public static bool IsAvailable => KubeAssets.Missing() is null;

    public string Folder { get; }

    public Uri Url => new($"https://127.0.0.1:{port}");

    /// <summary>The authority that signed the serving certificate; nothing on the machine trusts it.</summary>
    public X509Certificate2 Authority => authority.Certificate;

    public string AuthorityFile => Path.Combine(Folder, "ca.crt");

    /// <summary>One JSON event per write, with who asked, as whom, and the extras: the lines that are whole, as it writes on meanwhile.</summary>
    public IReadOnlyList<string> AuditLog()
    {
        var written = File.ReadAllText(Path.Combine(Folder, "audit.log"));
        return written[..(written.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Starts with the admin, the bot and others; ready when it returns.</summary>
    public static Task<KubeApiServer> StartAsync(params KubeUser[] others) => StartAsync(null, others);

    /// <param name="relay">Hears what the audit log tells, by its webhook.</param>
    public static async Task<KubeApiServer> StartAsync(AuditRelay? relay, params KubeUser[] others)
    {
        var folder = Directory.CreateTempSubdirectory("chatops-cluster-").FullName;
        var signer = new PrivateAuthority();
        signer.WriteTo(folder);
        ServerFlags.WriteFiles(folder, [KubeUser.Admin, KubeUser.Bot, .. others]);
        var ports = Loopback.FreePorts(3);
        var store = await Etcd.StartAsync(folder, ports[0], ports[1]);
        var cluster = new KubeApiServer(folder, signer, store, ports[0], ports[2], relay);
        try
        {
            await cluster.ContinueFromEtcdAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of its own connections, answering as one user; the caller disposes it.</summary>
    public HttpClient ClientFor(KubeUser user) => ClientFor(user.Token);

    public HttpClient ClientFor(string token)
    {
        var client = new HttpClient(CreateHandler()) { BaseAddress = Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Trusts the cluster's authority and nothing else; for clients that bring their own token.</summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        UseProxy = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { Authority },
            },
        },
    };

    /// <summary>The path of a kubeconfig for one user, written on first use.</summary>
    public string KubeconfigFor(KubeUser user) => Kubeconfig.Write(this, user);

    /// <summary>Ends the API server at once, as a crash would; etcd keeps what was stored.</summary>
    public async Task StopAsync()
    {
        if (server is { } running)
        {
            server = null;
            await running.DisposeAsync();
        }
    }

    /// <summary>Stops if running, then starts on the same port with the same data; ready when it returns.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await ContinueFromEtcdAsync();
    }

    /// <summary>Freezes the API server: connections are accepted by the kernel and nothing answers.</summary>
    public void Pause() => Running.Send(PosixSignalNumber.Stop);

    public void Continue() => Running.Send(PosixSignalNumber.Continue);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await etcd.DisposeAsync();
        authority.Dispose();
        Etcd.Clear(Folder);
        Directory.Delete(Folder, recursive: true);
    }

    private SupervisedProcess Running => server ?? throw new InvalidOperationException("The API server is stopped.");

    private async Task ContinueFromEtcdAsync()
    {
        server = await SupervisedProcess.StartAsync(
            KubeAssets.PathOf("kube-apiserver"), arguments, Path.Combine(Folder, "kube-apiserver.log"));
        using var admin = ClientFor(KubeUser.Admin);
        await Readiness.WaitAsync(server, "kube-apiserver", async ct =>
        {
            using var ready = await admin.GetAsync("/readyz", ct);
            using var firstNamespace = await admin.GetAsync("/api/v1/namespaces/default", ct); // made after ready is said
            return ready.StatusCode == HttpStatusCode.OK && firstNamespace.StatusCode == HttpStatusCode.OK;
        });
    }
}
