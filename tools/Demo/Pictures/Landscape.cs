using Explaino.Demo.Community;

namespace Explaino.Demo.Pictures;

/// <summary>Hills under a sky, a different view for every name.</summary>
internal sealed class Landscape : IPicture
{
    private readonly double _hue;
    private readonly Hill[] _hills;

    public Landscape(string name)
    {
        var draw = new Draw($"landscape {name}");
        _hue = draw.Between(0, 359);
        _hills = [.. Enumerable.Range(1, 4).Select(row => new Hill(
            0.25 + 0.16 * row, 0.03 * draw.Between(1, 4), draw.Between(2, 6), draw.Between(0, 628) / 100.0))];
    }

    public (byte Red, byte Green, byte Blue) At(double x, double y)
    {
        var row = Array.FindLastIndex(_hills, hill => y > hill.TopAt(x));
        return row < 0 ? Colours.Of(_hue, 0.35, 0.95 - 0.25 * y) : Colours.Of(_hue + 25 * (row + 1), 0.45, 0.7 - 0.13 * row);
    }

    private readonly record struct Hill(double Height, double Swing, int Waves, double Phase)
    {
        public double TopAt(double x) => Height + Swing * Math.Sin(Phase + x * Waves);
    }
}
