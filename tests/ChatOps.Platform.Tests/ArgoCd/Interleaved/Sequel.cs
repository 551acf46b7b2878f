namespace ChatOps.Platform.Tests.ArgoCd.Interleaved;

/// <summary>What goes on after an override was stored.</summary>
public enum Sequel
{
    /// <summary>One of two incidents that hold it lets go.</summary>
    LeftToTheOther,

    /// <summary>Its end is moved.</summary>
    Extended,

    /// <summary>Another incident's deny window comes beside it.</summary>
    BesideAnother,

    /// <summary>A further commit of the branch.</summary>
    MovedOn,
}
