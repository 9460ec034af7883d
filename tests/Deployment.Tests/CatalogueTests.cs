using System.Text.RegularExpressions;

namespace Explaino.Deployment.Tests;

/// <summary>The catalogue of services (deploy/services) is the only list of them: what cannot read it agrees with it.</summary>
public sealed partial class CatalogueTests
{
    [Fact]
    public async Task Scripts_and_programs_derive_the_same_names_from_it()
    {
        const string script = """
            set -euo pipefail
            source "$0"
            for service in "${services[@]}"; do echo "$service ${project[$service]} ${database[$service]} ${keeps_files[$service]:-no}"; done
            """;

        var derived = (await Command.TryRunAsync("bash", ["-c", script, Repository.PathTo("deploy", "catalogue.sh")])).Succeeded();

        Assert.Equal(
            Service.WithDatabase.Select(service => $"{service.Name} {service.Project} {service.Database} {(service.KeepsFiles ? "yes" : "no")}"),
            derived.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void It_names_every_service_of_the_source() => Assert.Equal(
        Directory.EnumerateDirectories(Repository.PathTo("src"), "*Service").Select(Path.GetFileName).Order(),
        Service.WithDatabase.Select(service => service.Project).Order());

    [Theory]
    [InlineData("Explaino.sln")]
    [InlineData("CODEOWNERS")]
    [InlineData("docs/architecture.md")]
    public async Task Every_service_is_named_where_nothing_reads_it(string file)
    {
        var text = await File.ReadAllTextAsync(Repository.PathTo(file));

        Assert.All(Service.WithDatabase, service => Assert.Contains(service.Project, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Nobody_keeps_another_list_of_services() => Assert.DoesNotContain(
        SourceFiles.Of("*.cs", "*.sh", "*.yaml", "*.yml", "*.json", "*.md", "*.csproj", "*.props").Where(file => !file.EndsWith("/CatalogueTests.cs", StringComparison.Ordinal)),
        file => List().IsMatch(File.ReadAllText(file)));

    [Theory]
    [InlineData("for service in identity wallet profile jobs chat; do")]
    [InlineData("""[Service.Identity, Service.Wallet, Service.Profile]""")]
    [InlineData("""["identity", "wallet", "profile"]""")]
    public void Seeded_another_list_is_noticed(string text) => Assert.Matches(List(), text);

    [GeneratedRegex(@"(?i)\bidentity\b[\s"",]+(Service\.)?wallet\b[\s"",]+(Service\.)?profile\b")]
    private static partial Regex List();
}
