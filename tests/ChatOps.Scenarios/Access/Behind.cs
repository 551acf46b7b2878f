using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Access;

/// <summary>A world whose product reaches its cluster by a door.</summary>
internal static class Behind
{
    public static async Task<(ScenarioWorld World, ApiDoor Door)> StartAsync(Func<MovableClock, Task<ShopCluster>> cluster, Dictionary<string, string?> overrides)
    {
        ApiDoor? door = null;
        var world = await ScenarioWorld.StartAsync(
            async clock =>
            {
                var shop = await cluster(clock);
                door = await ApiDoor.StartAsync(shop.BotKubeConfig);
                overrides["Clusters:0:KubeConfig"] = door.KubeConfig;
                return shop;
            },
            socketMode: false,
            overrides);
        return (world, door!);
    }
}
