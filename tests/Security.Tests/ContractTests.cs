namespace Explaino.Security.Tests;

/// <summary>docs/contract.md and the OpenAPI documents name the same routes, with the same query parameters.</summary>
public sealed class ContractTests(SecuritySystem system)
{
    [Fact]
    public async Task The_contract_names_every_operation_and_every_route_of_it_is_one()
    {
        var documented = (await system.OperationsAsync()).Select(Contract.RouteOf).ToList();

        var contract = Contract.Routes();

        Assert.Empty(documented.Except(contract).Select(route => $"{route} is not in docs/contract.md."));
        Assert.Empty(contract.Except(documented).Select(route => $"{route} is in no OpenAPI document."));
    }

    [Fact]
    public void Seeded_a_path_without_its_methods_is_noticed()
    {
        string[] lines = ["`{collection}`: `skills, hobbies`", "| call | who |", "|---|---|", "| GET `/api/chats` · `/{id}` | user |"];

        Assert.Throws<FormatException>(() => Contract.RoutesOf(lines));
    }
}
