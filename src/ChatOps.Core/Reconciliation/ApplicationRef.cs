namespace ChatOps.Core.Reconciliation;

/// <summary>
/// One application of one GitOps engine. <paramref name="Instance"/> is the name of the engine in the configuration,
/// <paramref name="Namespace"/> where its object lives.
/// </summary>
public sealed record ApplicationRef(string Instance, string Namespace, string Name)
{
    public override string ToString() => $"{Instance}/{Namespace}/{Name}";
}

/// <summary>An application that changed in its cluster.</summary>
/// <param name="Written">
/// The same text as long as nobody wrote into its spec or told the engine to skip it, whatever its status does: thousands
/// change all day, and few are changed by somebody. Null when that is not known.
/// </param>
public sealed record ApplicationNews(ApplicationRef Application, string? Written)
{
    /// <summary>How it does; null when it is gone.</summary>
    public Vitals? Vitals { get; init; }
}

/// <summary>What a person typed: <c>[instance/][namespace/]name</c>.</summary>
public sealed record ApplicationQuery(string? Instance, string? Namespace, string Name)
{
    public bool Matches(ApplicationRef application) =>
        application.Name == Name
        && (Namespace is null || Namespace == application.Namespace)
        && (Instance is null || Instance == application.Instance);

    public override string ToString() => string.Join('/', new[] { Instance, Namespace, Name }.OfType<string>());
}
