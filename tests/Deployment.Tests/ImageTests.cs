using System.Text.Json.Nodes;

namespace Explaino.Deployment.Tests;

/// <summary>What the SDK would build; building the image itself needs the base image, and so a registry of images.</summary>
public sealed class ImageTests
{
    [Fact]
    public async Task Every_service_publishes_its_own_version_without_root_or_shell()
    {
        var images = await Task.WhenAll(Service.All.Select(async service => (service, Image: await EvaluateAsync(service))));

        Assert.All(images, evaluated =>
        {
            var (service, image) = evaluated;
            Assert.Equal($"explaino/{service.Name}", image.Text("/Properties/ContainerRepository"));
            Assert.Matches(@"^\d+\.\d+\.\d+$", image.Text("/Properties/ContainerImageTag"));
            Assert.Equal(image.Text("/Properties/Version"), image.Text("/Properties/ContainerImageTag"));
            Assert.Contains(image.Text("/Properties/ContainerFamily"), (string[])["noble-chiseled", "noble-chiseled-extra"]);
            Assert.Equal("1654", image.Text("/Properties/ContainerUser"));
            Assert.Equal("true", image.Text("/Properties/PublishReadyToRun"));
            Assert.Equal("false", image.Text("/Properties/SelfContained")?.ToLowerInvariant());
        });
    }

    private static async Task<JsonNode> EvaluateAsync(Service service)
    {
        var answer = await Command.TryRunAsync(
            "dotnet",
            [
                "msbuild", Repository.PathTo("src", service.Project), "-p:RuntimeIdentifier=linux-x64", "-nodeReuse:false",
                .. "Version ContainerRepository ContainerImageTag ContainerFamily ContainerUser PublishReadyToRun SelfContained".Split(' ').Select(name => $"-getProperty:{name}"),
            ]);
        return JsonNode.Parse(answer.Succeeded())!;
    }
}
