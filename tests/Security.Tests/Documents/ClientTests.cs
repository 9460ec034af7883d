using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.Security.Tests.Documents;

/// <summary>What the developer of an app does with the documents: lints them, generates a client, compiles it strictly, and uses it.</summary>
public sealed class ClientTests(SecuritySystem system) : IAsyncLifetime
{
    private static readonly string Folder = Repository.PathTo("tests", "clients");
    private static readonly string Generated = Path.Combine(Folder, "generated");
    private static readonly string[] Documents = [.. SecuritySystem.Documents.Select(name => $"{name}.json"), "explaino.json", "explaino-3.0.json"];

    public async ValueTask InitializeAsync()
    {
        await NpmPackages.InstallAsync("tests", "clients");
        Directory.CreateDirectory(Generated);
        foreach (var name in Documents)
        {
            await WriteAsync(name, await system.Gateway.GetObjectAsync($"/openapi/{name}"));
        }
    }

    [Fact]
    public async Task Linters_find_nothing_in_the_documents()
    {
        var documents = Documents.Select(name => $"generated/{name}");
        await NpxAsync("redocly", ["lint", .. documents]);
        await NpxAsync("spectral", ["lint", "--fail-severity", "warn", .. documents]);
    }

    [Fact]
    public async Task Seeded_a_document_with_a_fault_is_noticed_by_both_linters()
    {
        var document = await system.Gateway.GetObjectAsync("/openapi/wallet.json");
        document["components"]!["schemas"]!["WalletResponse"]!["type"] = "thing";
        await WriteAsync("seeded.json", document);

        await Assert.ThrowsAsync<InvalidOperationException>(() => NpxAsync("redocly", "lint", "generated/seeded.json"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => NpxAsync("spectral", "lint", "generated/seeded.json"));
    }

    [Fact]
    public async Task A_client_in_TypeScript_is_generated_compiled_and_used()
    {
        await RunAsync("node", "generate.mjs");
        await RunAsync("node", "node_modules/typescript/bin/tsc", "--project", ".");

        await RunAsync("node", "generated/built/scenario.js", system.Gateway.BaseAddress!.AbsoluteUri.TrimEnd('/'));
    }

    [Fact]
    public async Task Seeded_a_client_in_TypeScript_does_not_compile_where_a_document_says_something_else()
    {
        var document = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Generated, "explaino.json")))!.AsObject();
        JsonObject Properties(string schema) => document["components"]!["schemas"]![schema]!["properties"]!.AsObject();
        Properties("UserResponse").Remove("bio");
        Properties("UserResponse")["roles"]!.AsObject().Remove("items");
        Properties("Problem").Remove("errors");
        Properties("TransferRequest")["to_user_id"] = new JsonObject { ["type"] = "integer" };
        document["components"]!["schemas"]!["EmploymentType"]!["enum"] = new JsonArray("full_time");
        await WriteAsync("explaino.json", document);
        await RunAsync("node", "generate.mjs");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync("node", "node_modules/typescript/bin/tsc", "--project", ".", "--noEmit"));

        string[] faults = ["'bio' does not exist", "'role' is of type 'unknown'", "'errors' does not exist", "'string' is not assignable to type 'number'", "part_time"];
        Assert.All(faults, fault => Assert.Contains(fault, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_in_CSharp_is_generated_compiled_and_used()
    {
        await RunAsync(ServiceProcess.Dotnet, "build", "csharp", "--nologo", "--output", "generated/built/csharp");

        await RunAsync(ServiceProcess.Dotnet, "generated/built/csharp/ApiClient.dll", system.Gateway.BaseAddress!.AbsoluteUri);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static Task WriteAsync(string name, JsonObject document) => File.WriteAllTextAsync(Path.Combine(Generated, name), document.ToJsonString());

    private static Task<string> NpxAsync(string tool, params string[] words) => RunAsync(Path.Combine(Folder, "node_modules", ".bin", tool), words);

    private static Task<string> RunAsync(string program, params string[] words) => Command.RunAsync(program, words, folder: Folder);
}
