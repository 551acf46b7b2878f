using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Story;

/// <summary>Requests from Slack arrive at the product's URLs.</summary>
public sealed class TheStorySimulatedOverHttp() : TheStory(SimulatedShopCluster.StartAsync, socketMode: false);

/// <summary>The product holds sockets to Slack.</summary>
public sealed class TheStorySimulatedOverSockets() : TheStory(SimulatedShopCluster.StartAsync, socketMode: true);

/// <summary>A real API server with RBAC, the genuine kinds and the manifests.</summary>
[OnARealCluster]
[Collection(RealShopCollection.Name)]
public sealed class TheStoryOnARealClusterOverHttp(RealShopServer real) : TheStory(real.StartShopAsync, socketMode: false);

[OnARealCluster]
[Collection(RealShopCollection.Name)]
public sealed class TheStoryOnARealClusterOverSockets(RealShopServer real) : TheStory(real.StartShopAsync, socketMode: true);
