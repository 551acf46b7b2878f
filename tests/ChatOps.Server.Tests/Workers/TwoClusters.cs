using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Platform;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;
using ChatOps.Sandbox.Cluster;
using ChatOps.Storage.LiteDb;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Server.Tests.Workers;

/// <summary>Two engines, each on a cluster of its own: one that takes every connection and never says a word, and one that answers. The silent one comes first.</summary>
internal sealed class TwoClusters : IAsyncDisposable
{
    public const string Silent = "silent";
    public const string Good = "good";

    private readonly string folder = Directory.CreateTempSubdirectory("chatops-two-").FullName;
    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentBag<TcpClient> held = [];
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly LiteDbRecords records;
    private ServiceProvider services = null!;

    private TwoClusters() => records = LiteDbRecords.Open(Path.Combine(folder, "books.db"), Time);

    /// <summary>Of the workers and the books; the clusters' clients have the real one.</summary>
    public FakeTimeProvider Time { get; } = new(Some.Now);

    public IRecords Records => records;

    public SimulatedApiServer Server { get; private set; } = null!;

    public IEnumerable<IReconciler> Engines => services.GetServices<IReconciler>();

    public IEnumerable<IApplicationView> Views => services.GetServices<IApplicationView>();

    /// <summary>How often somebody came to the silent one.</summary>
    public int Knocks => held.Count;

    public static async Task<TwoClusters> StartAsync()
    {
        var two = new TwoClusters { Server = await SimulatedApiServer.StartAsync(TimeProvider.System, new SimulatedApiServerOptions(), CancellationToken.None) };
        two.listener.Start();
        _ = two.HoldAsync();
        var options = new PlatformOptions(
            [new ArgoCdOptions { Name = Silent, Cluster = Silent }, new ArgoCdOptions { Name = Good, Cluster = Good }],
            [
                new ClusterOptions { Name = Silent, Server = $"http://{two.listener.LocalEndpoint}", Token = "bot", RequestTimeout = TimeSpan.FromMinutes(10) },
                new ClusterOptions { Name = Good, Server = two.Server.Url.ToString(), Token = two.Server.AdminToken },
            ]);
        two.services = new ServiceCollection().AddSingleton(TimeProvider.System).AddPlatform(options).BuildServiceProvider();
        return two;
    }

    public void Create(string kind, string name, string rest) =>
        Server.Create((JsonObject)JsonNode.Parse($$"""{"apiVersion":"argoproj.io/v1alpha1","kind":"{{kind}}","metadata":{"name":"{{name}}","namespace":"argocd"},{{rest}}}""")!);

    /// <summary>Somebody with kubectl, at the good one.</summary>
    public async Task EditProjectAsync(string name, string merge)
    {
        using var admin = new HttpClient { BaseAddress = Server.Url };
        admin.DefaultRequestHeaders.Authorization = new("Bearer", Server.AdminToken);
        using var content = new StringContent(merge, Encoding.UTF8, "application/merge-patch+json");
        using var answer = await admin.PatchAsync(new Uri($"/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/{name}?fieldManager=kubectl-edit", UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Does it again each time something is stored, until what is looked for is there.</summary>
    public async Task<T> UntilAsync<T>(Func<Task> step, Func<Task<T?>> look)
        where T : class
    {
        while (true)
        {
            var changed = Records.ChangedAsync(BooksPart.Any);
            await step();
            if (await look() is { } found)
            {
                return found;
            }

            await changed.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Dispose();
        foreach (var connection in held)
        {
            connection.Dispose();
        }

        await services.DisposeAsync();
        await Server.DisposeAsync();
        records.Dispose();
        ending.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task HoldAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                held.Add(await listener.AcceptTcpClientAsync(ending.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
