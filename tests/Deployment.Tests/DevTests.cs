namespace Explaino.Deployment.Tests;

/// <summary><c>./dev run</c> says at once what it does not understand.</summary>
public sealed class DevTests
{
    [Theory]
    [InlineData("run: unknown option '--prot'", "--prot", "8180")]
    [InlineData("run: --port wants a value", "--port")]
    public async Task An_option_that_is_none_is_refused(string said, params string[] options)
    {
        var run = await Command.TryRunAsync(
            Repository.PathTo("dev"), ["run", .. options], environment: new Dictionary<string, string?> { ["CI"] = "true" });

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }
}
