using Xunit.Abstractions;
using Xunit.Sdk;

namespace ChatOps.Peers;

/// <summary>Lets `dotnet test --filter needs=cluster` choose the tests that need the real API server.</summary>
public sealed class RealClusterTrait : ITraitDiscoverer
{
    public IEnumerable<KeyValuePair<string, string>> GetTraits(IAttributeInfo traitAttribute) => [new("needs", "cluster")];
}
