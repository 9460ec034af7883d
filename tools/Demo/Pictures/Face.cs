using Explaino.Demo.Community;

namespace Explaino.Demo.Pictures;

/// <summary>A face with hair, eyes and a mouth, another one for every name.</summary>
internal sealed class Face : IPicture
{
    private readonly double _background, _hair, _skin, _length, _smile, _width;

    public Face(string name)
    {
        var draw = new Draw($"face {name}");
        (_background, _hair) = (draw.Between(0, 359), draw.Between(0, 60));
        (_skin, _length) = (draw.Between(35, 95) / 100.0, draw.Between(45, 85) / 100.0);
        (_smile, _width) = (draw.Between(-1, 6) / 100.0, draw.Between(20, 26) / 100.0);
    }

    public (byte Red, byte Green, byte Blue) At(double x, double y)
    {
        var side = Math.Abs(x - 0.5);
        var isFace = Within(side, y - 0.5, _width, 0.3);
        var isEye = Within(side - 0.1, y - 0.45, 0.03, 0.02);
        var isMouth = side < 0.1 && Math.Abs(y - 0.64 - _smile + (_smile * side * side * 100)) < 0.012;
        var isHair = Within(side, y - 0.42, _width + 0.05, 0.33) && (y < 0.33 || (!isFace && y < _length));
        return isEye || isMouth ? Colours.Of(0, 0.5, isMouth ? 0.6 : 0.2)
            : isHair ? Colours.Of(_hair, 0.6, 0.2 + (_hair / 120))
            : isFace || (side < 0.08 && y is > 0.7 and < 0.88) ? Colours.Of(25, 0.45, _skin)
            : Within(side, y - 1.05, 0.38, 0.22) ? Colours.Of(_background + 160, 0.5, 0.6)
            : Colours.Of(_background, 0.3, 0.9 - (0.2 * y));
    }

    private static bool Within(double x, double y, double width, double height) => (x * x / (width * width)) + (y * y / (height * height)) < 1;
}
