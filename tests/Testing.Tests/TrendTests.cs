namespace Explaino.Testing.Tests;

/// <summary>A rise is told from noise, and by how much it is one.</summary>
public sealed class TrendTests
{
    private const int Samples = 96;
    private const double NoiseWidth = 10;

    // The same noise in every run.
    private readonly Random _random = new(20261127);

    public static TheoryData<string> Steady => ["noise", "outliers", "saw", "one step", "levels off", "falls", "constant"];

    [Theory]
    [MemberData(nameof(Steady))]
    public void What_does_not_go_on_rising_rises_by_little_more_than_its_noise(string shape)
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var trend = Trend.Of([.. Enumerable.Range(0, Samples).Select(number => (TimeSpan.FromSeconds(2 * number), ValueAt(shape, number)))]);

            Assert.InRange(trend.LeastRise, 0, 1.5 * NoiseWidth);
        }
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1.0)]
    [InlineData(10.0)]
    public void A_leak_in_noise_is_noticed(double each)
    {
        var trend = Trend.Of([.. Enumerable.Range(0, Samples).Select(number => (TimeSpan.FromSeconds(2 * number), ValueAt("noise", number) + each * number))]);

        Assert.InRange(trend.LeastRise, each * Samples * 0.5, each * Samples * 1.1);
        Assert.InRange(trend.Rise, each * Samples * 0.7, each * Samples * 1.3);
        Assert.InRange(trend.Level, 100 + each * Samples * 0.4, 100 + each * Samples * 0.6);
    }

    [Fact]
    public void Few_samples_show_no_trend() => Assert.Throws<ArgumentException>(() => Trend.Of([(TimeSpan.Zero, 1), (TimeSpan.FromSeconds(1), 2)]));

    private double ValueAt(string shape, int number) => shape switch
    {
        "outliers" => 100 + (number % 7 == 3 ? 1000 : 0) + Noise(),
        "saw" => 100 + number % 12 * 5 + Noise(),
        "one step" => (number < Samples / 2 ? 100 : 150) + Noise(),
        "levels off" => 150 - 50 * Math.Exp(-number / 6.0) + Noise(),
        "falls" => 200 - number + Noise(),
        "constant" => 100,
        _ => 100 + Noise(),
    };

    private double Noise() => NoiseWidth * (_random.NextDouble() - 0.5);
}
