namespace Explaino.ServiceMedia.Decoding;

/// <summary>
/// BlurHash: a picture in 28 characters, which a client draws until the picture is there. Of the two-dimensional cosine transform of the linear light the
/// lowest 4 × 3 coefficients, each in base 83. Here because no package of it is kept up that we could have.
/// </summary>
internal static class BlurHash
{
    /// <summary>As many pixels a side are enough for what the hash can say.</summary>
    public const int EnoughPixels = 32;

    /// <summary>How long each is.</summary>
    public const int Length = 6 + (2 * ((Horizontal * Vertical) - 1));

    private const int Horizontal = 4, Vertical = 3;

    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

    /// <param name="pixels">Red, green, blue; row by row.</param>
    public static string Of(ReadOnlySpan<byte> pixels, int width, int height)
    {
        var light = new double[pixels.Length];
        for (var index = 0; index < light.Length; index++)
        {
            light[index] = Linear(pixels[index]);
        }

        var coefficients = new double[Horizontal * Vertical][];
        for (var index = 0; index < coefficients.Length; index++)
        {
            coefficients[index] = Coefficient(light, width, height, index % Horizontal, index / Horizontal);
        }

        var details = coefficients[1..];
        var strongest = details.Max(coefficient => coefficient.Max(Math.Abs));
        var scale = Math.Clamp((int)Math.Floor((strongest * 166) - 0.5), 0, 82);
        return string.Concat(
            (string[])[
                Base83(Horizontal - 1 + ((Vertical - 1) * 9), 1),
                Base83(scale, 1),
                Base83((Companded(coefficients[0][0]) << 16) + (Companded(coefficients[0][1]) << 8) + Companded(coefficients[0][2]), 4),
                .. details.Select(coefficient => Base83(Quantized(coefficient, (scale + 1) / 166.0), 2)),
            ]);
    }

    private static double[] Coefficient(double[] light, int width, int height, int across, int down)
    {
        var sum = new double[3];
        for (var y = 0; y < height; y++)
        {
            var vertical = Math.Cos(Math.PI * down * y / height);
            for (var x = 0; x < width; x++)
            {
                var basis = vertical * Math.Cos(Math.PI * across * x / width);
                for (var colour = 0; colour < 3; colour++)
                {
                    sum[colour] += basis * light[(((y * width) + x) * 3) + colour];
                }
            }
        }

        var normal = (across == 0 && down == 0 ? 1.0 : 2.0) / (width * height);
        return [.. sum.Select(value => value * normal)];
    }

    private static int Quantized(double[] coefficient, double scale) => coefficient.Aggregate(
        0, (digits, value) => (digits * 19) + Math.Clamp((int)Math.Floor((Math.Sign(value) * Math.Sqrt(Math.Abs(value) / scale) * 9) + 9.5), 0, 18));

    private static double Linear(byte value) => value / 255.0 is var part && part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);

    private static int Companded(double linear)
    {
        var part = Math.Clamp(linear, 0, 1);
        return (int)Math.Round((part <= 0.0031308 ? part * 12.92 : (1.055 * Math.Pow(part, 1 / 2.4)) - 0.055) * 255);
    }

    private static string Base83(int value, int length) => string.Create(length, value, static (text, rest) =>
    {
        for (var index = text.Length - 1; index >= 0; index--, rest /= 83)
        {
            text[index] = Digits[rest % 83];
        }
    });
}
