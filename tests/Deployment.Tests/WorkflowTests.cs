using System.Text.Json.Nodes;

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
    public async Task Each_service_is_tested_alone_when_something_of_it_has_changed()
    {
        foreach (var service in Services.All)
        {
            var workflow = (await CheckAsync($"{service.Name}.yml")).Documents[0];
            var paths = workflow.Items("/on/pull_request/paths").Select(path => path.ToString()).ToList();

            Assert.Equal(paths, workflow.Items("/on/push/paths").Select(path => path.ToString()));
            Assert.Equal([$"{service.Name}-v*"], workflow.Items("/on/push/tags").Select(tag => tag.ToString()));
            Assert.Equal(service.Project, workflow.Text("/jobs/service/with/project"));
            Assert.Equal(service.Name, workflow.Text("/jobs/service/with/service"));
            Assert.Contains($"src/{service.Project}/**", paths);
            Assert.Contains($"tests/{service.Project}.Tests/**", paths);
            Assert.All(ProjectGraph.ReferencedBy(service.Project), shared => Assert.Contains($"src/{shared}/**", paths));
            Assert.Contains("tests/Testing/**", paths);
            Assert.All(EventsOf(service), name => Assert.Contains($"docs/events/{name}.json", paths));
        }
    }

    /// <summary>The documents whose message the service's own code names.</summary>
    private static IEnumerable<string> EventsOf(Service service)
    {
        var code = Directory.EnumerateFiles(Repository.PathTo("src", service.Project), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
        return Directory.EnumerateFiles(Repository.PathTo("docs", "events"), "*.json")
            .Where(file => JsonNode.Parse(File.ReadAllText(file)).Text("/x-message-urn") is { } urn && code.Any(text => text.Contains($"\"{urn}\"", StringComparison.Ordinal)))
            .Select(file => Path.GetFileNameWithoutExtension(file));
    }

    private static async Task<Checked> CheckAsync(string file) => await Validators.CheckAsync("workflow", await ReadAsync(file));

    private static Task<string> ReadAsync(string file) => File.ReadAllTextAsync(Repository.PathTo(".github", "workflows", file));
}
