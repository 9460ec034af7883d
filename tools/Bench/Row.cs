namespace Explaino.Bench;

/// <summary>A path of Explaino and the physical limit that it is measured beside.</summary>
/// <param name="Name">Its key in floors.json too.</param>
/// <param name="Target">The least ratio wanted; null where the row only explains others.</param>
/// <param name="Grows">Whether it is measured with a tenth of the data too.</param>
internal sealed record Row(
    string Name, string Limit, double? Target, Func<TimeSpan, Sample> Product, Func<TimeSpan, Sample> Against, bool Grows = false);

/// <summary>A row's medians.</summary>
internal sealed record Measured(Row Row, Sample Product, Sample Limit, double Ratio);

/// <summary>Something that has no limit beside it, but a target.</summary>
internal sealed record Figure(string Name, string Value, string Target, bool IsMet);
