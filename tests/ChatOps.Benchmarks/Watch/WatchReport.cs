using System.Globalization;
using System.Text;

namespace ChatOps.Benchmarks.Watch;

/// <summary>Those who read side by side, medians, as Markdown.</summary>
internal static class WatchReport
{
    public static string Of(IReadOnlyList<WatchResult> results)
    {
        var text = new StringBuilder("# Watching Applications\n\n| applications | read | list MB | list s | allocated MB | heap at most + MB | kept kB | event kB | event ms | allocated per event kB |\n|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        foreach (var size in results.GroupBy(result => result.Case.Applications))
        {
            var figures = size.GroupBy(result => result.Case.Reading).ToDictionary(reading => reading.Key, reading => Figures([.. reading]));
            foreach (var (reading, its) in figures)
            {
                Row(text, size.Key, Name(reading), its.Select(figure => figure.Value.ToString(figure.Format, CultureInfo.InvariantCulture)));
            }

            foreach (var other in new[] { Reading.MetadataOnly, Reading.Client })
            {
                var ratios = figures[Reading.Whole].Zip(figures[other], (one, another) => another.Value == 0 ? "" : (one.Value / another.Value).ToString("0.00", CultureInfo.InvariantCulture));
                Row(text, size.Key, $"{Name(Reading.Whole)} to {Name(other)}", ratios);
            }
        }

        return text.ToString();
    }

    private static string Name(Reading reading) => reading switch
    {
        Reading.Whole => "whole",
        Reading.MetadataOnly => "metadata only",
        Reading.Client => "client",
    };

    private static void Row(StringBuilder text, int size, string what, IEnumerable<string> figures) =>
        text.Append(CultureInfo.InvariantCulture, $"| {size:N0} | {what} | {string.Join(" | ", figures)} |\n");

    private static IReadOnlyList<(double Value, string Format)> Figures(IReadOnlyList<WatchResult> results) =>
    [
        (Median(results, one => one.ListBytes / 1e6), "N1"),
        (Median(results, one => one.List), "N2"),
        (Median(results, one => one.ListAllocated / 1e6), "N1"),
        (Median(results, one => one.Peak / 1e6), "N1"),
        (Median(results, one => one.Kept / 1e3), "N0"),
        (Median(results, one => one.EventBytes / 1e3 / one.Case.Events), "N1"),
        (Median(results, one => one.Events * 1e3 / one.Case.Events), "N3"),
        (Median(results, one => one.EventsAllocated / 1e3 / one.Case.Events), "N1"),
    ];

    private static double Median(IReadOnlyList<WatchResult> results, Func<WatchResult, double> figure) => results.Select(figure).Order().ElementAt(results.Count / 2);
}
