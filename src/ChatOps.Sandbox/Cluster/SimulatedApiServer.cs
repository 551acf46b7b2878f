using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ChatOps.Sandbox.Cluster;

/// <summary>A Kubernetes API server on loopback, true to the recordings of a real one as far as the product, kubectl and the simulated Argo CD look.</summary>
public sealed class SimulatedApiServer : IAsyncDisposable
{
    /// <summary>Sets the scene, and is what the simulated Argo CD acts as.</summary>
    private const string Administrator = "kubernetes-admin";

    private readonly WebApplication app;
    private readonly X509Certificate2 certificate = LoopbackCertificate.Create(TimeProvider.System.GetUtcNow());
    private readonly ClusterStore store;
    private readonly Authentication authentication;
    private readonly ResourceWrites writes;

    private SimulatedApiServer(TimeProvider time, SimulatedApiServerOptions options)
    {
        store = new ClusterStore(time);
        var rbac = new Rbac(store);
        authentication = new Authentication(rbac);
        writes = new ResourceWrites(store, rbac, options);
        AdminToken = options.AdminToken;
        authentication.Add(AdminToken, Caller.Of(Administrator, "system:masters"));
        var endpoint = new ApiEndpoint(store, rbac, authentication, new ResourceReads(store), writes, Faults, Requests);

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.Listen(IPAddress.Loopback, options.TlsPort, listen => listen.UseHttps(certificate));
        });
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Run(async context =>
        {
            var seen = await endpoint.HandleAsync(context, time);
            if (seen.User != Administrator && !context.RequestAborted.IsCancellationRequested)
            {
                Audit?.Hear(seen, Route.Parse(context.Request.Path), context.Response.StatusCode);
            }
        });
    }

    public Uri Url { get; private set; } = new("http://127.0.0.1");

    /// <summary>The same server behind TLS, for clients that send a token over nothing else.</summary>
    public Uri TlsUrl { get; private set; } = new("https://127.0.0.1");

    /// <summary>Token of a member of system:masters, to whom RBAC does not apply.</summary>
    public string AdminToken { get; }

    internal ClusterStore Store => store;

    public Faults Faults { get; } = new();

    public RequestLog Requests { get; } = new();

    /// <summary>Who is told of what everybody but the administrator does; null: nobody.</summary>
    public AuditWebhook? Audit { get; set; }

    public static async Task<SimulatedApiServer> StartAsync(TimeProvider time, SimulatedApiServerOptions options, CancellationToken ct)
    {
        var server = new SimulatedApiServer(time, options);
        await server.app.StartAsync(ct);
        var addresses = server.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address)).ToList();
        server.Url = addresses.Single(address => address.Scheme == "http");
        server.TlsUrl = addresses.Single(address => address.Scheme == "https");
        foreach (var name in new[] { "default", "kube-system", "argocd" })
        {
            server.Create(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } });
        }

        foreach (var crd in CustomResourceDefinitions.All(options.AutomatedEnabledInCrd))
        {
            server.Create(crd);
        }

        return server;
    }

    public void AddUser(string token, string user, params string[] groups) => authentication.Add(token, Caller.Of(user, groups));

    /// <summary>A kubeconfig for whoever has this token, with the certificate to trust.</summary>
    public string KubeConfig(string token) => $"""
        apiVersion: v1
        kind: Config
        clusters:
          - name: simulated
            cluster:
              server: {TlsUrl.GetLeftPart(UriPartial.Authority)}
              certificate-authority-data: {Convert.ToBase64String(Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()))}
        users:
          - name: simulated
            user:
              token: {token}
        contexts:
          - name: simulated
            context:
              cluster: simulated
              user: simulated
        current-context: simulated

        """;

    public void RemoveUser(string token) => authentication.Remove(token);

    /// <summary>Forgets the past: older watches and continued lists are answered 410 from here on.</summary>
    public void Compact() => store.Compact();

    /// <summary>Adds an object as the cluster's administrator, without HTTP.</summary>
    public void Create(JsonObject manifest)
    {
        var apiVersion = manifest["apiVersion"]!.GetValue<string>().Split('/');
        var kind = ResourceKind.All.First(known => known.Kind == manifest["kind"]!.GetValue<string>() && known.Group == (apiVersion.Length == 2 ? apiVersion[0] : ""));
        var ns = kind.Namespaced ? manifest["metadata"]?["namespace"]?.GetValue<string>() ?? "default" : "";
        writes.Create(new WriteRequest(kind, ns, "", "", Caller.Of("kubernetes-admin", "system:masters"), new Writer("kubectl-create", ""), Strict: false, DryRun: false), JsonNode.Parse(manifest.ToJsonString())!.AsObject());
    }

    /// <summary>What is stored now, without HTTP and without an entry in <see cref="Requests"/>.</summary>
    public JsonObject? Find(string plural, string ns, string name) => store.Find(ResourceKind.Named(plural), ns, name)?.Read();

    /// <summary>For clients that are handed a handler rather than an address; it sends to <see cref="Url"/> what they address there.</summary>
    public HttpMessageHandler CreateHandler() => new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) };

    public async ValueTask DisposeAsync()
    {
        if (Audit is not null)
        {
            await Audit.DisposeAsync();
        }

        await app.DisposeAsync();
        certificate.Dispose();
    }
}
