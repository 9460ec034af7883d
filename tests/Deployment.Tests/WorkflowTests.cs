using System.Text.Json;

namespace Explaino.Deployment.Tests;

public sealed class WorkflowTests
{
    public static TheoryData<string> Files { get; } =
        [.. Directory.EnumerateFiles(Repository.PathTo(".github", "workflows"), "*.yml").Select(Path.GetFileName).OfType<string>()];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_workflow_is_one(string file) => Assert.Empty((await CheckAsync(file)).Faults);

    [Fact]
    public async Task What_github_would_refuse_is_found()
    {
        var text = await ReadAsync("ci.yml");

        var broken = await Validators.CheckAsync("workflow", text.Replace("timeout-minutes", "timeout", StringComparison.Ordinal));

        Assert.NotEmpty(broken.Faults);
    }

    [Fact]
    public async Task Ci_looks_at_the_whole_history_and_at_every_package()
    {
        var jobs = (await CheckAsync("ci.yml")).Documents[0]["jobs"]!;

        Assert.Equal("0", jobs.Text("/check/steps/0/with/fetch-depth"));
        Assert.Contains(jobs["packages"]!["steps"]!.AsArray(), step => step!.Text("/run") == ".ci/audit");
    }

    [Fact]
    public async Task A_tag_is_released_by_a_job_that_can_sign()
    {
        var image = (await CheckAsync("services.yml")).Documents[0]["jobs"]!["image"]!;

        var steps = image["steps"]!.AsArray().Select(step => step!.Text("/uses")?.Split('@')[0] ?? step.Text("/run")!).ToList();
        Assert.Equal(["sigstore/cosign-installer", "deploy/scripts/release \"$GITHUB_REF_NAME\""], steps[^2..]);
        Assert.Equal("write", image.Text("/permissions/id-token"));
        Assert.Equal("github.ref_type == 'tag'", image.Text("/if"));
    }

    [Fact]
    public async Task Each_service_is_tested_alone_when_something_of_it_has_changed()
    {
        foreach (var service in Service.All)
        {
            string[] own =
            [
                $"src/{service.Project}/Program.cs", $"tests/{service.Project}.Tests/AnyTests.cs", "tests/Testing/Eventually.cs", "Directory.Packages.props",
                .. ProjectGraph.ReferencedBy(service.Project).Select(shared => $"src/{shared}/Any.cs"),
                .. EventsOf.Code(service).Select(name => $"docs/events/{name}.json"),
            ];
            foreach (var path in own)
            {
                Assert.True((await ServicesOfAsync(path)).Contains(service.Name), $"{path} is of {service.Name}.");
            }
        }
    }

    [Fact]
    public async Task What_is_another_services_or_nobodys_tests_none()
    {
        Assert.Equal(["jobs"], await ServicesOfAsync("README.md", "src/JobBoardService/Program.cs", "src/ServiceDefaultsOld/Any.cs"));
        Assert.Equal(["wallet"], await ServicesOfAsync("docs/events/points-awarded.v1.json"));
        Assert.DoesNotContain("wallet", await ServicesOfAsync("src/ServiceFiles/Any.cs"));
        Assert.Empty(await ServicesOfAsync("docs/contract.md"));
    }

    [Fact]
    public async Task A_tag_is_of_the_service_that_it_names()
    {
        Assert.Equal("""["jobs"]""", (await Command.TryRunAsync(".ci/services", ["jobs-v1.4.0"])).Succeeded().Trim());
        Assert.Equal(2, (await Command.TryRunAsync(".ci/services", ["jobboard-v1.4.0"])).ExitCode);
    }

    [Theory]
    [InlineData("src/WalletService/Any.cs", "Deployment.Tests WalletService.Tests")]
    [InlineData("tests/Security.Tests/Any.cs", "Security.Tests")]
    [InlineData("docs/security.md", "Deployment.Tests")]
    [InlineData("tools/Demo/Any.cs", "EndToEnd.Tests")]
    [InlineData("clients/csharp/Any.cs", "EndToEnd.Tests")]
    [InlineData("docs/openapi/released/explaino.json", "Deployment.Tests EndToEnd.Tests Security.Tests")]
    [InlineData("src/Gateway/Any.cs", "Deployment.Tests EndToEnd.Tests Gateway.Tests Security.Tests")]
    [InlineData("tests/Trust.Tests/Any.cs", "")]
    [InlineData("tests/clients/package-lock.json", "Deployment.Tests")]
    [InlineData("tools/Demo/packages.lock.json", "Deployment.Tests EndToEnd.Tests")]
    public async Task A_change_is_tested_by_what_looks_at_it(string changed, string tests) =>
        Assert.Equal(tests, string.Join(' ', (await Command.TryRunAsync(".ci/tests", [], input: changed + '\n')).Succeeded().Split('\n', StringSplitOptions.RemoveEmptyEntries)));

    private static async Task<string[]> ServicesOfAsync(params string[] changed) =>
        JsonSerializer.Deserialize<string[]>((await Command.TryRunAsync(".ci/services", [], input: string.Join('\n', changed) + '\n')).Succeeded())!;

    private static async Task<Checked> CheckAsync(string file) => await Validators.CheckAsync("workflow", await ReadAsync(file));

    private static Task<string> ReadAsync(string file) => File.ReadAllTextAsync(Repository.PathTo(".github", "workflows", file));
}
