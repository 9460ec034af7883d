using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.EndToEnd.Tests;

/// <summary>The dashboard's commands run the verbs of the services, and show what those say.</summary>
[Collection(OneSystem.Name)]
public sealed class CommandTests(AppHostSystem system)
{
    [Theory]
    [InlineData("wallet", "verify", "right")]
    [InlineData("wallet", "errors-list", "wallet-service.user-created: 0 failed")]
    [InlineData("wallet", "errors-replay", "wallet-service.user-created: 0 replayed")]
    [InlineData("profile", "errors-list", "0 failed")]
    [InlineData("jobs", "errors-list", "0 failed")]
    [InlineData("chat", "errors-list", "0 failed")]
    [InlineData("identity", "outbox-list", "")]
    [InlineData("wallet", "outbox-list", "")]
    [InlineData("profile", "outbox-retry", "0 to be published again")]
    [InlineData("identity", "outbox-retry", "")]
    [InlineData("identity", "rotate-keys", "")]
    public async Task A_command_says_what_its_verb_found(string resource, string command, string said) =>
        Assert.Contains(said, await system.CommandAsync(resource, command), StringComparison.OrdinalIgnoreCase);

    [Theory]
    [InlineData("wallet")]
    [InlineData("profile")]
    [InlineData("jobs")]
    [InlineData("chat")]
    public Task The_command_resync_finds_every_copy_of_people_right_once_what_is_under_way_has_come(string resource) => Eventually.TrueAsync(
        async () => (await system.CommandAsync(resource, "resync-people")).Contains("0 put right, right", StringComparison.Ordinal), TimeSpan.FromSeconds(30));

    [Fact]
    public async Task Reset_deletes_all_data_and_everything_serves_again()
    {
        var ada = await system.RegisterAsync();

        await system.CommandAsync("postgres", "reset");

        using var gone = await system.Gateway.PostAsJsonAsync("/api/auth/token", new { email = ada.Email, password = GatewayUsers.Password });
        Assert.Equal(HttpStatusCode.Unauthorized, gone.StatusCode);
        await (await system.RegisterAsync()).WalletAsync(TimeSpan.FromMinutes(1));
    }
}
