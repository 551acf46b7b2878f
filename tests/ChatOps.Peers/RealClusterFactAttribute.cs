using Xunit;
using Xunit.Sdk;

namespace ChatOps.Peers;

/// <summary>A fact that needs the real API server; skipped, with the reason shown, where there is none. tests/run.sh counts a skip as a failure.</summary>
[TraitDiscoverer("ChatOps.Peers.RealClusterTrait", "ChatOps.Peers")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealClusterFactAttribute : FactAttribute, ITraitAttribute
{
    public RealClusterFactAttribute()
    {
        Skip = KubeAssets.Missing();
    }
}

/// <summary>A theory that needs the real API server; see <see cref="RealClusterFactAttribute"/>.</summary>
[TraitDiscoverer("ChatOps.Peers.RealClusterTrait", "ChatOps.Peers")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealClusterTheoryAttribute : TheoryAttribute, ITraitAttribute
{
    public RealClusterTheoryAttribute()
    {
        Skip = KubeAssets.Missing();
    }
}
