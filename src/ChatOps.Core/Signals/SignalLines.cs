using System.Globalization;
using ChatOps.Core.Conversation;

namespace ChatOps.Core.Signals;

/// <summary>Signals as people read them: the number, before and after, what would be good, and how it went.</summary>
public static class SignalLines
{
    private const string Steps = "▁▂▃▄▅▆▇█";
    private const int Width = 30;

    public static Text Of(SignalAnswer answer)
    {
        var signal = answer.Signal;
        if (answer.Now is not { } now)
        {
            return Text.Of($"{signal.Name:b} is not known: {answer.Why ?? ""}.");
        }

        var line = Text.Of($"{signal.Name:b} {Number(now, signal):b}, {Judged(answer)} ({Threshold(signal)})");
        line += answer.Before is { } before ? Text.Of($"; before the change {Number(before, signal)} on average.") : Text.Of($".");
        return line + Text.Of($" {Curve([.. answer.Points.Select(point => point.Value)]):code}");
    }

    /// <summary>A line of blocks, oldest first, from the lowest to the highest value; averages where there are more values than room.</summary>
    public static string Curve(IReadOnlyList<double> values)
    {
        if (values.Count == 0)
        {
            return "";
        }

        var columns = Enumerable.Range(0, Math.Min(Width, values.Count))
            .Select(column => values.Skip(column * values.Count / Math.Min(Width, values.Count)).Take(Math.Max(1, values.Count / Width)).Average()).ToList();
        var (low, high) = (columns.Min(), columns.Max());
        return string.Concat(columns.Select(value => Steps[high > low ? (int)Math.Round((value - low) / (high - low) * (Steps.Length - 1)) : 0]));
    }

    private static string Judged(SignalAnswer answer) => answer.Verdict switch
    {
        Verdict.Good => "good",
        Verdict.Bad => "not good",
        Verdict.Unknown => answer.Why ?? "not known",
    };

    private static string Threshold(Signal signal) => (signal.Below, signal.Above) switch
    {
        ({ } most, { } least) => $"good is {Number(least, signal)} to {Number(most, signal)}",
        ({ } most, null) => $"good is {Number(most, signal)} or less",
        (null, { } least) => $"good is {Number(least, signal)} or more",
        _ => "no threshold",
    };

    internal static string Number(double value, Signal signal) =>
        value.ToString(Math.Abs(value) is 0 or >= 0.001 and < 1e9 ? "0.###" : "0.##E0", CultureInfo.InvariantCulture) + (signal.Unit.Length == 0 ? "" : $" {signal.Unit}");
}
