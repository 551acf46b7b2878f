using System.Globalization;

namespace ChatOps.Platform.ArgoCd.Diffs;

/// <summary>An amount as Kubernetes writes it: <c>1Gi</c>, <c>1024Mi</c>, <c>100m</c>, <c>0.1</c>, <c>1e3</c>.</summary>
internal static class Quantity
{
    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("Ki", 1024m), ("Mi", 1024m * 1024), ("Gi", 1024m * 1024 * 1024), ("Ti", 1024m * 1024 * 1024 * 1024),
        ("Pi", 1024m * 1024 * 1024 * 1024 * 1024), ("Ei", 1024m * 1024 * 1024 * 1024 * 1024 * 1024),
        ("n", 1e-9m), ("u", 1e-6m), ("m", 1e-3m), ("k", 1e3m), ("M", 1e6m), ("G", 1e9m), ("T", 1e12m), ("P", 1e15m), ("E", 1e18m), ("", 1m),
    ];

    /// <summary>Null when it is no quantity.</summary>
    public static decimal? Read(string text)
    {
        var suffix = Suffixes.First(known => text.EndsWith(known.Suffix, StringComparison.Ordinal));
        var number = text[..^suffix.Suffix.Length];
        try
        {
            return decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value * suffix.Factor : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
