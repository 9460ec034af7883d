using System.Text.Json.Nodes;

namespace Explaino.Deployment.Tests;

/// <summary>deploy/scripts/bill-of-materials lists what is in an image: nothing that the service is deployed with is left out, and nothing comes in that is not locked.</summary>
public sealed class BillOfMaterialsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("explaino-bill-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task It_lists_what_the_service_is_deployed_with()
    {
        var bill = await WriteAsync(Service.Jobs);

        var listed = bill["components"]!.AsArray().Select(component => component!.Text("/purl")).OfType<string>().ToHashSet();
        Assert.Subset(listed, Deployed(Service.Jobs));
        Assert.Subset(Locked(Service.Jobs), listed);
        Assert.Equal("explaino/jobs", bill.Text("/metadata/component/name"));
        Assert.All(bill["components"]!.AsArray().Where(component => component!.Text("/purl") is not null), component => Assert.NotNull(component!["hashes"]));
    }

    private async Task<JsonNode> WriteAsync(Service service)
    {
        var file = Path.Combine(_folder.FullName, "bill.json");
        (await Command.TryRunAsync("deploy/scripts/bill-of-materials", [service.Name, file])).Succeeded();
        return JsonNode.Parse(await File.ReadAllTextAsync(file))!;
    }

    /// <summary>What its process looks for when it starts.</summary>
    private static HashSet<string> Deployed(Service service) =>
    [
        .. JsonNode.Parse(File.ReadAllText(Path.ChangeExtension(service.Assembly, "deps.json")))!["libraries"]!.AsObject()
            .Where(library => library.Value!.Text("/type") == "package" && !library.Key.Contains("linux-arm64", StringComparison.Ordinal))
            .Select(library => $"pkg:nuget/{library.Key.Replace('/', '@')}"),
    ];

    private static HashSet<string> Locked(Service service) =>
    [
        .. JsonNode.Parse(File.ReadAllText(Repository.PathTo("src", service.Project, "packages.lock.json")))!["dependencies"]!.AsObject()
            .Where(target => target.Key is "net10.0" or "net10.0/linux-x64").SelectMany(target => target.Value!.AsObject())
            .Where(package => package.Value!.Text("/type") != "Project")
            .Select(package => $"pkg:nuget/{package.Key}@{package.Value!.Text("/resolved")}"),
    ];
}
