namespace Explaino.Deployment.Tests;

/// <summary><c>./dev run --aspire</c> where what it needs is there, and where it is not; the programs it asks are played by scripts.</summary>
public sealed class AspireTests : IDisposable
{
    private readonly DirectoryInfo _programs = Directory.CreateTempSubdirectory("explaino-aspire-");

    [Theory]
    [InlineData(1, 1, "Aspire's packages, a container engine")]
    [InlineData(1, 0, "Aspire's packages")]
    [InlineData(0, 1, "a container engine")]
    public async Task Says_what_is_missing_and_what_to_do(int restore, int engine, string missing)
    {
        await PlayAsync(restore, engine);

        var run = await RunAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(missing, string.Join(", ", run.Errors.Split('\n').Where(line => line.StartsWith("    - ")).Select(line => line[6..line.IndexOf(':')])));
        Assert.Contains("Without Aspire: ./dev run", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("started", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Starts_the_app_host_where_both_are_there()
    {
        await PlayAsync(restore: 0, engine: 0);

        var run = await RunAsync();

        Assert.Contains($"started run --project {Repository.PathTo("src", "AppHost")} --launch-profile http", run.Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_options_that_mean_nothing_to_it()
    {
        var run = await RunAsync("--port", "9000");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--aspire goes with nothing but --external", run.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _programs.Delete(recursive: true);

    private async Task PlayAsync(int restore, int engine)
    {
        await WriteAsync("dotnet", $"case $1 in restore) exit {restore} ;; run) echo \"started $*\" ;; esac");
        await WriteAsync("docker", "exit 1");
        await WriteAsync("podman", $"exit {engine}");
    }

    private async Task WriteAsync(string name, string script) => (await Tool.RunAsync(
        "install", ["-m", "755", "/dev/stdin", Path.Combine(_programs.FullName, name)], $"#!/bin/sh\n{script}\n")).Succeeded();

    private Task<Tool> RunAsync(params string[] options) => Tool.RunAsync(
        Repository.PathTo("dev"),
        ["run", "--aspire", .. options],
        environment: new Dictionary<string, string> { ["CI"] = "true", ["PATH"] = $"{_programs.FullName}:{Environment.GetEnvironmentVariable("PATH")}" });
}
