using ChatOps.Core.Conversation;

namespace ChatOps.Core.Signals;

/// <summary>Signals as pictures, each with the change it is looked at for.</summary>
public static class SignalCurves
{
    private const int FewestPoints = 2;

    public static IEnumerable<Part.Curve> Of(SignalsRead read) => read.Answers.Where(answer => answer.Points.Count >= FewestPoints).Select(answer => Of(read, answer));

    private static Part.Curve Of(SignalsRead read, SignalAnswer answer)
    {
        var (first, last) = (answer.Points[0].At, answer.Points[^1].At);
        var change = read.Change is { } moment && moment >= first && moment <= last ? moment : (DateTimeOffset?)null;
        var words = FormattableString.Invariant($"{answer.Signal.Name} of {read.Application.Name}, {first.UtcDateTime:HH:mm} to {last.UtcDateTime:HH:mm} UTC; green is good")
            + (change is { } at ? FormattableString.Invariant($"; dashed: the change at {at.UtcDateTime:HH:mm}") : "");
        return new(words, [.. answer.Points.Select(point => new CurvePoint(point.At, point.Value))], answer.Signal.Below, answer.Signal.Above, change);
    }
}
