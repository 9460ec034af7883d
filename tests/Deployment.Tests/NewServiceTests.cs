namespace Explaino.Deployment.Tests;

/// <summary><c>./dev new-service</c>, in a copy of the checkout; that what it writes is built, by the house's rules, and runs is shown by <c>./dev trust</c>.</summary>
public sealed class NewServiceTests
{
    [Fact]
    public async Task A_new_service_is_named_in_twelve_files_at_most()
    {
        using var copy = await TreeCopy.CreateAsync();

        await copy.DevAsync("new-service", "Badge");

        Assert.True(copy.Edited().Count <= 12, $"Edited: {string.Join(", ", copy.Edited())}");
        Assert.All(copy.Added(), file =>
        {
            Assert.DoesNotContain("sample", file, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("sample", File.ReadAllText(copy.PathTo(file)), StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task A_name_that_is_none_or_taken_is_refused()
    {
        using var copy = await TreeCopy.CreateAsync();
        (string Noun, string Said)[] refusals =
        [
            ("Wallet", "There is a service 'wallet' already"),
            ("badge", "'badge' is not one English noun"),
            ("Job", "The route /api/jobs is another service's already"),
        ];

        foreach (var (noun, said) in refusals)
        {
            var refusal = await Command.TryRunAsync(copy.PathTo("dev"), ["new-service", noun], new Dictionary<string, string?> { ["CI"] = "true" });

            Assert.NotEqual(0, refusal.ExitCode);
            Assert.Contains(said, refusal.Errors, StringComparison.Ordinal);
        }

        Assert.Empty(copy.Edited());
    }
}
