using ChatOps.Core.Conversation;

namespace ChatOps.Chat;

/// <summary>
/// A curve as a small PNG: green ground where values are good, a dashed line at the moment it is looked at for, a dot at the
/// newest value. No letters, since a server has no fonts; the words stand beside it.
/// </summary>
internal static class CurvePicture
{
    public const int Width = 720;
    public const int Height = 180;
    private const double Margin = 12;
    private const int Dash = 6;

    private static readonly Colour Paper = new(0xff, 0xff, 0xff);
    private static readonly Colour GoodGround = new(0xdc, 0xf5, 0xe3);
    private static readonly Colour GoodEdge = new(0x6a, 0xb5, 0x80);
    private static readonly Colour Mark = new(0x6b, 0x72, 0x80);
    private static readonly Colour Ink = new(0x1f, 0x29, 0x37);

    /// <summary>Null when there are not two values to draw a line between.</summary>
    public static byte[]? Draw(Part.Curve curve) => Paint(curve) is { } canvas ? Png.Encode(canvas) : null;

    internal static Canvas? Paint(Part.Curve curve)
    {
        var points = curve.Points.Where(point => double.IsFinite(point.Value)).ToList();
        if (points.Count < 2 || points[^1].At <= points[0].At)
        {
            return null;
        }

        var canvas = new Canvas(Width, Height, Paper);
        var (low, high) = Reach(curve, points);
        if (curve.Below is not null || curve.Above is not null)
        {
            canvas.Fill(curve.Below is { } most ? Y(most) : 0, curve.Above is { } least ? Y(least) : Height, GoodGround);
        }

        canvas.Stroke(Thresholds(curve).Select(threshold => (new Spot(0, Y(threshold)), new Spot(Width, Y(threshold)))), 1, GoodEdge);
        if (curve.Mark is { } mark && mark >= points[0].At && mark <= points[^1].At)
        {
            canvas.Stroke(Enumerable.Range(0, Height / (2 * Dash)).Select(dash => (new Spot(X(mark), 2 * Dash * dash), new Spot(X(mark), 2 * Dash * dash + Dash))), 1.5, Mark);
        }

        var line = points.Select(point => new Spot(X(point.At), Y(point.Value))).ToList();
        canvas.Stroke(line.Zip(line.Skip(1)), 2.5, Ink);
        canvas.Stroke([(line[^1], line[^1])], 10, Ink);
        return canvas;

        double X(DateTimeOffset at) => Margin + (at - points[0].At) / (points[^1].At - points[0].At) * (Width - 2 * Margin);
        double Y(double value) => Margin + (high - value) / (high - low) * (Height - 2 * Margin);
    }

    /// <summary>Values and thresholds, so that "how far from good" is to be seen; a flat line lies in the middle.</summary>
    private static (double Low, double High) Reach(Part.Curve curve, List<CurvePoint> points)
    {
        double[] all = [.. points.Select(point => point.Value), .. Thresholds(curve)];
        var (low, high) = (all.Min(), all.Max());
        var air = high > low ? (high - low) * 0.05 : Math.Max(Math.Abs(high), 1) * 0.5;
        return (low - air, high + air);
    }

    private static IEnumerable<double> Thresholds(Part.Curve curve) => new[] { curve.Below, curve.Above }.OfType<double>().Where(double.IsFinite);
}
