namespace ChatOps.Core.Grants;

/// <summary>The ways of giving access that are set up, by kind.</summary>
public sealed class AccessPorts(IEnumerable<IAccess> ports)
{
    public IReadOnlyList<IAccess> All { get; } = [.. ports];

    public IAccess Of(GrantKind kind) => All.FirstOrDefault(port => port.Kind == kind)
        ?? throw new InvalidOperationException($"No way to give or end access by {kind} is set up");
}
