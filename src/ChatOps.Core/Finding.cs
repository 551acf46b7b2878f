namespace ChatOps.Core;

/// <summary>One thing that <c>doctor</c> looked at: what it saw and, when that is not good, how to make it good.</summary>
public sealed record Finding(bool Ok, string What, string Fix)
{
    public static Finding Good(string what) => new(true, what, "");

    public static Finding Problem(string what, string fix) => new(false, what, fix);
}
