using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ChatOps.Sandbox.ArgoCd;
using ChatOps.Sandbox.Cluster;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Sandbox.Tests.ArgoCd;

/// <summary>The sample shop under a clock that only the test moves.</summary>
internal sealed class World : IAsyncDisposable
{
    private World(FakeTimeProvider time, SampleShop shop)
    {
        Time = time;
        Shop = shop;
        Client = new HttpClient { BaseAddress = shop.Server.Url };
        Client.DefaultRequestHeaders.Authorization = new("Bearer", shop.Server.AdminToken);
    }

    public FakeTimeProvider Time { get; }

    public SampleShop Shop { get; }

    public HttpClient Client { get; }

    public static async Task<World> StartAsync(SimulatedApiServerOptions? cluster = null, ArgoCdPace? pace = null, HttpMessageHandler? handler = null)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
        var world = new World(time, await SampleShop.StartAsync(time, CancellationToken.None, pace, cluster, byHand: true, handler: handler));
        await world.PassAsync(TimeSpan.FromSeconds(10));
        return world;
    }

    /// <summary>Lets time pass, stopping wherever the controller has something to do.</summary>
    public async Task PassAsync(TimeSpan span)
    {
        var end = Time.GetUtcNow() + span;
        while (true)
        {
            var due = await Shop.Argo.SettleAsync(CancellationToken.None);
            if (due is not { } next || next > end)
            {
                break;
            }

            Time.SetUtcNow(next > Time.GetUtcNow() ? next : Time.GetUtcNow());
        }

        Time.SetUtcNow(end);
        await Shop.Argo.SettleAsync(CancellationToken.None);
    }

    public JsonObject App(string name = "checkout") => Shop.Server.Find("applications", "argocd", name) ?? throw new InvalidOperationException($"no application {name}");

    public async Task<(HttpStatusCode Status, JsonObject Body)> PatchAsync(string path, string json, string form = "json-patch")
    {
        using var content = new StringContent(json, Encoding.UTF8);
        content.Headers.ContentType = new($"application/{form}+json");
        using var answer = await Client.PatchAsync(path, content);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject());
    }

    public Task<(HttpStatusCode Status, JsonObject Body)> PauseAsync(string name = "checkout") => PatchAsync(
        $"/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/{name}?fieldManager=chatops",
        """
        [
          {"op":"test","path":"/metadata/annotations","value":null},
          {"op":"add","path":"/metadata/annotations","value":{"argocd.argoproj.io/refresh":"normal"}},
          {"op":"add","path":"/spec/syncPolicy/automated/enabled","value":false}
        ]
        """);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Shop.DisposeAsync();
    }
}
