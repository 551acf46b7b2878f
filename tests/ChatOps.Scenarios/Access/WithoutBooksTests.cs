using System.Net;
using ChatOps.Sandbox.World;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Access;

/// <summary>The store is damaged while somebody has access: it ends all the same, by what its objects carry.</summary>
public abstract class WithoutBooksTests(Func<MovableClock, Task<ShopCluster>> cluster)
{
    [StoryFact]
    public async Task Access_of_every_kind_ends_by_its_label_and_the_server_goes_on_when_the_store_is_put_back()
    {
        await using var world = await ScenarioWorld.StartAsync(cluster, socketMode: false, new Dictionary<string, string?> { ["Clusters:0:AuditToken"] = "audit-of-the-shop-0123456789" }); // every door is there
        var thread = await OpenAccess.GiveAsync(world);
        await world.StopProductAsync();
        File.Copy(world.Store, world.Backup);
        await using (var file = File.OpenWrite(world.Store))
        {
            await file.WriteAsync(new byte[8192]);
        }

        using var stop = new CancellationTokenSource();
        using var http = new HttpClient { BaseAddress = world.Settings.Url };
        var running = Product.RunAsync(world.Settings, world.Clock, stop.Token);
        await UntilAsync(world, running, async () => await StatusAsync(http, "/health/live") == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(http, "/health/ready"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(http, "/"));
        Assert.Equal(4, await OpenAccess.LeftAsync(world)); // the role in Argo CD and its token are two

        world.Clock.Advance(TimeSpan.FromMinutes(30));
        await UntilAsync(world, running, async () => await OpenAccess.LeftAsync(world) == 0);
        await OpenAccess.NothingIsLeftAsync(world);

        File.Copy(world.Backup, world.Store, overwrite: true);
        await UntilAsync(world, running, async () => await StatusAsync(http, "/health/ready") == HttpStatusCode.OK);
        await OpenAccess.EndsAreToldAsync(world, thread, "Carol Chiba");
        await stop.CancelAsync();
        await running;
    }

    private static async Task<HttpStatusCode?> StatusAsync(HttpClient http, string path)
    {
        try
        {
            using var answer = await http.GetAsync(path);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null; // between the one that only revokes and the server itself nothing listens
        }
    }

    /// <summary>The product looks every few seconds of the world's clock.</summary>
    private static async Task UntilAsync(ScenarioWorld world, Task running, Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(ScenarioWorld.Patience);
        while (!await holds())
        {
            Assert.False(running.IsCompleted, "the server ended by itself");
            world.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(50, limit.Token);
        }
    }
}

public sealed class WithoutBooksSimulatedTests() : WithoutBooksTests(SimulatedShopCluster.StartAsync);

[OnARealCluster]
[Collection(RealShopOfAccess.Name)]
public sealed class WithoutBooksOnARealClusterTests(RealShopServer real) : WithoutBooksTests(real.StartShopAsync);
