using System.Runtime.InteropServices;

namespace ChatOps.Chat;

/// <summary>A colour without transparency.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    /// <param name="share">Of the other: 0 to 1.</param>
    public Colour Towards(Colour other, double share) => new(Mix(Red, other.Red, share), Mix(Green, other.Green, share), Mix(Blue, other.Blue, share));

    private static byte Mix(byte one, byte other, double share) => (byte)Math.Round(one + (other - one) * share);
}

/// <summary>A place on a canvas, in pixels from its upper left corner; between pixels too.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Spot(double X, double Y);

/// <summary>
/// Pixels, and the two strokes that a curve needs. A drawing library would bring native code for every platform, more than
/// half a gigabyte, for this.
/// </summary>
internal sealed class Canvas
{
    private readonly Colour[] pixels;

    public Canvas(int width, int height, Colour paper)
    {
        (Width, Height) = (width, height);
        pixels = new Colour[width * height];
        Array.Fill(pixels, paper);
    }

    public int Width { get; }

    public int Height { get; }

    public Colour this[int x, int y] => pixels[y * Width + x];

    /// <summary>The whole width, from one height down to another.</summary>
    public void Fill(double top, double bottom, Colour colour)
    {
        for (var y = Row(top); y < Row(bottom); y++)
        {
            Array.Fill(pixels, colour, y * Width, Width);
        }
    }

    /// <summary>
    /// Strokes with round ends, as soft at their edges as a pixel is wide; what lies outside is left away. From a spot to
    /// itself it is a dot. All at once, so that where they meet nothing is painted twice.
    /// </summary>
    public void Stroke(IEnumerable<(Spot From, Spot To)> strokes, double thickness, Colour colour)
    {
        var covered = new double[pixels.Length];
        var reach = thickness / 2 + 1;
        foreach (var (from, to) in strokes)
        {
            for (var y = Row(Math.Min(from.Y, to.Y) - reach); y < Row(Math.Max(from.Y, to.Y) + reach); y++)
            {
                for (var x = Column(Math.Min(from.X, to.X) - reach); x < Column(Math.Max(from.X, to.X) + reach); x++)
                {
                    var share = Math.Clamp(thickness / 2 + 0.5 - Distance(new(x + 0.5, y + 0.5), from, to), 0, 1);
                    covered[y * Width + x] = Math.Max(covered[y * Width + x], share);
                }
            }
        }

        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = pixels[i].Towards(colour, covered[i]);
        }
    }

    private static double Distance(Spot spot, Spot from, Spot to)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var length = dx * dx + dy * dy;
        var along = length > 0 ? Math.Clamp(((spot.X - from.X) * dx + (spot.Y - from.Y) * dy) / length, 0, 1) : 0;
        return double.Hypot(spot.X - from.X - along * dx, spot.Y - from.Y - along * dy);
    }

    private int Row(double y) => (int)Math.Clamp(Math.Ceiling(y), 0, Height);

    private int Column(double x) => (int)Math.Clamp(Math.Ceiling(x), 0, Width);
}
