using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Explaino.Deployment.Tests;

/// <summary>The system as src/AppHost describes it, with nothing started.</summary>
internal sealed class AppHostModel
{
    private AppHostModel(IDistributedApplicationTestingBuilder builder) => Resources = [.. builder.Resources];

    public IReadOnlyList<IResource> Resources { get; }

    public IResource this[string name] => Resources.Single(resource => resource.Name == name);

    /// <param name="servers">Their form: containers, processes, external.</param>
    public static async Task<AppHostModel> ReadAsync(string servers = "processes", params string[] options) =>
        new(await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(["--environment=Development", $"--Servers={servers}", .. options]));

    public IEnumerable<string> Names<T>() => Resources.OfType<T>().Cast<IResource>().Select(resource => resource.Name).Order();

    /// <summary>What a process is told, where it leads to other resources as an expression: <c>{messaging.connectionString}</c>.</summary>
    public async Task<Dictionary<string, string>> SettingsAsync(string name)
    {
        var configuration = await ExecutionConfigurationBuilder.Create(this[name]).WithEnvironmentVariablesConfig().BuildAsync(
            new DistributedApplicationExecutionContext(DistributedApplicationOperation.Publish), NullLogger.Instance);
        return configuration.EnvironmentVariables.ToDictionary();
    }

    /// <summary>What must have come first: healthy, or ended well.</summary>
    public IEnumerable<(string Name, WaitType Type)> AwaitedBy(string name) =>
        this[name].Annotations.OfType<WaitAnnotation>().Select(wait => (wait.Resource.Name, wait.WaitType));
}
