using System.Net;

namespace Explaino.Testing.Tests;

public sealed class ServiceProcessTests
{
    [Fact]
    public async Task It_is_killed_and_comes_back_at_the_same_address()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Wallet);
        await using var process = await ServiceProcess.StartAsync(Service.Wallet, environment.Settings);

        await process.KillAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => process.Client.GetAsync("/alive"));
        await process.StartAsync();

        using var response = await process.Client.GetAsync("/alive");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, await process.StopAsync());
    }

    [Fact]
    public async Task One_that_cannot_start_says_why()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ServiceProcess.StartAsync(Service.Wallet, new Dictionary<string, string?>()));

        Assert.Contains("ConnectionStrings:", refusal.Message, StringComparison.Ordinal);
    }
}
