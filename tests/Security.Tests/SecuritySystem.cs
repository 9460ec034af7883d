using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Security.Tests;
using Explaino.Security.Tests.Tokens;
using Explaino.Testing;

[assembly: AssemblyFixture(typeof(SecuritySystem))]

// They share one system and two hands: what one measures is not to be another's load.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Explaino.Security.Tests;

/// <summary>The system that all tests here attack; only passwords are hashed cheaply, for the crowds it needs.</summary>
public sealed class SecuritySystem : ExplainoSystem
{
    /// <summary>The names of all OpenAPI documents: the services' and the gateway's own.</summary>
    public static readonly IReadOnlyList<string> Documents = [.. Service.WithDatabase.Select(service => service.Name), "gateway"];

    private Member? _admin;

    protected override Dictionary<string, string?> Settings { get; } = new() { ["Passwords:MemorySize"] = "64" };

    /// <summary>The first admin, who sets things up and is attacked by nobody.</summary>
    public async Task<Member> AdminAsync() => _admin ??= await SignInAsAdminAsync();

    /// <summary>The operations of all OpenAPI documents, as the gateway shows them.</summary>
    public async Task<IReadOnlyList<Operation>> OperationsAsync()
    {
        var operations = new List<Operation>();
        foreach (var name in Documents)
        {
            var document = (await Gateway.GetFromJsonAsync<JsonObject>($"/openapi/{name}.json"))!;
            operations.AddRange(
                from path in document["paths"]!.AsObject()
                from method in path.Value!.AsObject()
                select new Operation(name, method.Key.ToUpperInvariant(), path.Key, method.Value!.AsObject(), document));
        }

        return operations;
    }

    /// <summary>Signs with Identity's own key, as no attacker should be able to.</summary>
    public Task<TokenForge> ForgeAsync() => TokenForge.OpenAsync(this);
}

/// <summary>One operation of an OpenAPI document.</summary>
public sealed record Operation(string Service, string Method, string Path, JsonObject Description, JsonObject Document)
{
    public string Name => $"{Method} {Path}";

    public bool IsProtected => Description["security"] is JsonArray { Count: > 0 };

    public override string ToString() => Name;
}
