namespace Explaino.Demo.Pictures;

/// <summary>Something to look at, for any format to draw.</summary>
internal interface IPicture
{
    /// <summary>The colour at a point; both coordinates from 0 to 1, from the upper left.</summary>
    (byte Red, byte Green, byte Blue) At(double x, double y);
}

/// <summary>HSV, in which colours that go well together are easily found.</summary>
internal static class Colours
{
    public static (byte Red, byte Green, byte Blue) Of(double hue, double saturation, double value)
    {
        byte Part(int offset)
        {
            var position = (offset + (hue / 60)) % 6;
            return (byte)(255 * value * (1 - (saturation * Math.Clamp(Math.Min(position, 4 - position), 0, 1))));
        }

        return (Part(5), Part(3), Part(1));
    }
}
