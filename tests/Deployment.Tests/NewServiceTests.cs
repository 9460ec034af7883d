namespace Explaino.Deployment.Tests;

/// <summary><c>./dev new-service</c>, in a copy of the checkout; that what it writes runs is shown by <c>./dev trust</c>.</summary>
public sealed class NewServiceTests
{
    [Fact]
    public async Task A_new_service_is_named_in_twelve_files_and_builds_by_the_houses_rules()
    {
        using var copy = await TreeCopy.CreateAsync();

        await copy.DevAsync("new-service", "Badge");

        Assert.True(copy.Edited().Count <= 12, $"Edited: {string.Join(", ", copy.Edited())}");
        Assert.All(copy.Added(), file =>
        {
            Assert.DoesNotContain("sample", file, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("sample", File.ReadAllText(copy.PathTo(file)), StringComparison.OrdinalIgnoreCase);
        });
        await copy.TakeBuiltAsync("ServiceData", "ServiceDefaults", "Testing");
        await copy.BuildAsync("src/BadgeService");
        await copy.BuildAsync("tests/BadgeService.Tests");
    }

    [Theory]
    [InlineData("There is a service 'wallet' already", "Wallet")]
    [InlineData("'badge' is not one English noun", "badge")]
    [InlineData("The route /api/jobs is another service's already", "Job")]
    public async Task A_name_that_is_none_or_taken_is_refused(string said, string noun)
    {
        using var copy = await TreeCopy.CreateAsync();

        var refusal = await Command.TryRunAsync(copy.PathTo("dev"), ["new-service", noun], new Dictionary<string, string?> { ["CI"] = "true" });

        Assert.NotEqual(0, refusal.ExitCode);
        Assert.Contains(said, refusal.Errors, StringComparison.Ordinal);
        Assert.Empty(copy.Edited());
    }
}
