namespace ChatOps.Core.Leases;

/// <summary>
/// Proof that one override of ours exists and may be undone, and the right to undo exactly that. Made from a stored lease
/// by <see cref="Lease.End"/>; needs no policy, chat or Git, so that every override can end.
/// </summary>
public sealed class AuthorizedEnd
{
    internal AuthorizedEnd(Lease lease, string onBehalfOf)
    {
        Lease = lease;
        OnBehalfOf = onBehalfOf;
    }

    public Lease Lease { get; }

    /// <summary>Whoever began it ends it.</summary>
    public string KubernetesUser => Lease.KubernetesUser;

    public string OnBehalfOf { get; }
}
