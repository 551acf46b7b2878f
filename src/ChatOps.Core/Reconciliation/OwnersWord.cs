namespace ChatOps.Core.Reconciliation;

/// <summary>
/// What the owner of an application says of a field that is not there. Nobody is named for what was taken out: whether it is
/// out by the owner's word is all that tells whose doing it may be.
/// </summary>
public enum OwnersWord
{
    /// <summary>None that counts: nobody owns it, or the owner never writes the field, writes it at some moment that nobody knows, or could not be read.</summary>
    None,

    /// <summary>What the owner brings does not have the field.</summary>
    WithoutIt,

    /// <summary>The owner brings it, and puts it back by itself: within a second, or after the waits of its self-heal.</summary>
    PutsItBack,
}
