using System.Net;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

/// <summary>More passwords at once than can be hashed: the queue is bounded, and who finds it full is told to come back.</summary>
public sealed class PasswordQueueTests(PasswordQueueTests.BusyHost host) : IClassFixture<PasswordQueueTests.BusyHost>
{
    [Fact]
    public async Task A_full_queue_is_503_with_Retry_After_and_costs_no_account_a_try()
    {
        var member = await host.RegisterAsync();

        var responses = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => host.TryLogInAsync(member.Email, member.Password)));

        var full = responses.Where(response => response.StatusCode == HttpStatusCode.ServiceUnavailable).ToList();
        Assert.NotEmpty(full);
        await full[0].IsProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.All(full, response => Assert.NotNull(response.Headers.RetryAfter));
        Assert.All(responses.Except(full), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        await host.LogInAsync(member);
    }

    /// <summary>One hash takes about a tenth of a second, and few may wait for it.</summary>
    public sealed class BusyHost() : IdentityHost(new Dictionary<string, string?> { ["Passwords:MemorySize"] = "65536", ["Passwords:MaximumWaiting"] = "3" });
}
