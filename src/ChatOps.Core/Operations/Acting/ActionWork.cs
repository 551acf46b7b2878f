namespace ChatOps.Core.Operations.Acting;

/// <summary>Something that the engine itself carries out, once: no override, no deadline, nothing to undo.</summary>
public abstract record ActionWork : PlannedWork
{
    /// <summary>What a rule has to allow; all of them.</summary>
    public abstract IReadOnlyList<string> PolicyVerbs { get; }

    /// <summary>What is asked for, as the record says it: "to sync".</summary>
    public abstract string Asked { get; }

    /// <summary>It may be asked for while another request for the application waits or runs.</summary>
    public virtual bool BesideOthers => false;
}
