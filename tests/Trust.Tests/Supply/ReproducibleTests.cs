using Explaino.Testing;

namespace Explaino.Trust.Tests.Supply;

/// <summary>.ci/reproducible, without what compiles for a machine beforehand, which takes minutes; every night all of it is compared.</summary>
public sealed class ReproducibleTests
{
    private static readonly string[] Quicker = ["-p:PublishReadyToRun=false", "-p:CompilePackagesAhead=false", "-p:RunAnalyzers=false"];

    [Fact]
    public async Task A_service_is_the_same_wherever_it_is_built() =>
        Assert.EndsWith("are the same wherever they are built\n", await Command.RunAsync(Repository.PathTo(".ci", "reproducible"), ["gateway", .. Quicker]), StringComparison.Ordinal);

    [Fact]
    public async Task Seeded_paths_in_what_is_built_are_noticed()
    {
        var compared = await Command.TryRunAsync(".ci/reproducible", ["gateway", .. Quicker, "-p:PathMap=", "-p:DeterministicSourcePaths=false"]);

        Assert.Equal(1, compared.ExitCode);
        Assert.Contains("./Gateway.dll", compared.Output, StringComparison.Ordinal);
    }
}
