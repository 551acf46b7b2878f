namespace ChatOps.Platform.Tests.Access;

/// <summary>Suites that take turns on one real API server.</summary>
[CollectionDefinition(Name)]
public sealed class GrantClusterCollection : ICollectionFixture<GrantCluster>
{
    public const string Name = "access on one real API server";
}
