namespace Explaino.EndToEnd.Tests;

/// <summary>Noise hides what matters: an operator who sees a warning is to look.</summary>
[Collection(OneSystem.Name)]
public sealed class CleanStartTests(AppHostSystem system)
{
    [Fact]
    public void A_clean_start_logs_no_warning() =>
        Assert.True(system.WarningsOfStart.Count == 0, string.Join(Environment.NewLine, system.WarningsOfStart));
}
