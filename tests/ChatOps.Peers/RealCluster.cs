using Xunit;

namespace ChatOps.Peers;

/// <summary>One API server with Argo CD's CRDs for a class or collection of tests (IClassFixture); nothing is started where none is available.</summary>
public sealed class RealCluster : IAsyncLifetime
{
    private KubeApiServer? server;

    public KubeApiServer Server => server ?? throw new InvalidOperationException(KubeAssets.Missing());

    public async Task InitializeAsync()
    {
        if (KubeApiServer.IsAvailable)
        {
            server = await KubeApiServer.StartAsync();
            await server.ApplyArgoCdCrdsAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }
}
