namespace ChatOps.Core;

/// <summary>One thing that <c>doctor</c> looked at: what it saw and, when that is not good, how to make it good.</summary>
public sealed record Finding(bool Ok, string What, string Fix)
{
    public static Finding Good(string what) => new(true, what, "");

    public static Finding Problem(string what, string fix) => new(false, what, fix);

    /// <summary>What nothing here can tell. It is not counted as wrong, and not called good: a person has to look.</summary>
    public static Finding Unseen(string what, string lookAt) => new(true, what, lookAt);
}
