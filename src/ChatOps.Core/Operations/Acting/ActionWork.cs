using ChatOps.Core.Policy;

namespace ChatOps.Core.Operations.Acting;

/// <summary>Something that the engine itself carries out, once: no override, no deadline, nothing to undo.</summary>
public abstract record ActionWork : PlannedWork
{
    /// <summary>What a rule has to allow; all of them.</summary>
    public abstract IReadOnlyList<string> PolicyVerbs { get; }

    /// <summary>What is asked for, as the record says it: "to sync".</summary>
    public abstract string Asked { get; }

    /// <summary>For how long a rule would have to allow it, where its verb is one of those that last. It is over when it is done, so any rule is long enough.</summary>
    public TimeSpan? Lasting => PolicyVerbs.Any(PolicyVerb.Lasts) ? TimeSpan.FromSeconds(1) : null;

    /// <summary>It may be asked for while another request for the application waits or runs.</summary>
    public virtual bool BesideOthers => false;
}
