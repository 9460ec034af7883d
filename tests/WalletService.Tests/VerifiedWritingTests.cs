using System.Net;
using Explaino.Testing;

namespace Explaino.WalletService.Tests;

/// <summary>Where only people with a verified email address write, the others transfer no points.</summary>
public sealed class VerifiedWritingTests
{
    [Fact]
    public async Task Somebody_unverified_transfers_nothing_until_their_token_says_otherwise()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Wallet);
        await using var host = WalletHost.In(environment, settings: new Dictionary<string, string?> { ["Registration:VerifiedToWrite"] = "true" });
        await host.InitializeAsync();
        var (sender, receiver) = (await host.NewMemberAsync(points: 5), await host.NewMemberAsync());
        using var unverified = host.WithToken(environment.Issuer.Issue(sender, new TokenOptions { EmailVerified = false }));

        using var refused = await TransferAsync(unverified, receiver.Id);
        using var read = await unverified.GetAsync("/api/wallet");
        using var done = await host.TransferAsync(sender, receiver.Id, 5);

        await refused.IsProblemAsync(HttpStatusCode.Forbidden, "email_not_verified");
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(HttpStatusCode.Created, done.StatusCode);
    }

    private static async Task<HttpResponseMessage> TransferAsync(HttpClient client, Guid to)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/wallet/transfers")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { to_user_id = to, amount = 5 }),
        };
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        return await client.SendAsync(request);
    }
}
