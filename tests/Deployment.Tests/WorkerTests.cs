using System.Text.RegularExpressions;

namespace Explaino.Deployment.Tests;

/// <summary>A background worker tries again whatever it failed with: an exception that leaves it ends the process, and all that this serves.</summary>
public sealed partial class WorkerTests
{
    [Fact]
    public void No_background_worker_catches_outages_alone() => Assert.Empty(
        from file in Directory.EnumerateFiles(Repository.PathTo("src"), "*.cs", SearchOption.AllDirectories)
        let text = File.ReadAllText(file)
        where IsNarrow(text)
        select Path.GetFileName(file));

    [Theory]
    [InlineData("class Sweep : BackgroundService { catch (Exception e) when (TransientFailure.Is(e) && !stoppingToken.IsCancellationRequested) }", true)]
    [InlineData("class Sweep : BackgroundService { catch (Exception e) when (!stoppingToken.IsCancellationRequested) }", false)]
    public void Seeded_a_worker_that_ends_its_process_is_noticed(string text, bool isNarrow) => Assert.Equal(isNarrow, IsNarrow(text));

    private static bool IsNarrow(string text) => text.Contains(" : BackgroundService", StringComparison.Ordinal) && OutagesAlone().IsMatch(text);

    [GeneratedRegex(@"catch \(Exception \w+\) when \(TransientFailure\.Is\(\w+\) && !stoppingToken")]
    private static partial Regex OutagesAlone();
}
