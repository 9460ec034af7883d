using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Explaino.Security.Tests.Tokens;
using Explaino.Testing;

namespace Explaino.Security.Tests.Authorization;

/// <summary>Every operation as everybody, through the gateway; the rows are beside this.</summary>
public sealed class AuthorizationMatrixTests(SecuritySystem system)
{
    [Fact]
    public async Task Every_operation_has_a_row_and_every_row_an_operation()
    {
        var operations = await system.OperationsAsync();

        Assert.Empty(Matrix.Compare(operations, Matrix.Documented));
        Figures.Record("Authorization matrix", "operations, each with its row", $"{operations.Count}");
    }

    [Fact]
    public async Task Everybody_gets_what_the_row_says()
    {
        var (tried, complaints) = await Matrix.TryPeopleAsync(system, Matrix.All, system.Gateway);

        Assert.Empty(complaints);
        Figures.Record("Authorization matrix", "tries as nobody, stranger, participant, group admin, owner and admin", $"{tried}, each with the expected status");
    }

    [Fact]
    public async Task A_token_that_is_no_longer_or_was_never_good_opens_nothing()
    {
        var tokens = await BadTokensAsync();

        var (tried, complaints) = await Matrix.TryTokensAsync(system, Matrix.All, tokens, system.Gateway);

        Assert.Empty(complaints);
        Figures.Record("Authorization matrix", $"tries with tokens of: {string.Join(", ", tokens.Keys)}", $"{tried}, each with the expected status");
    }

    [Fact]
    public async Task Seeded_a_forgotten_row_or_a_wrong_one_is_noticed()
    {
        var operations = await system.OperationsAsync();
        var extra = Rules.Row("GET /api/everything", Rules.Anyone(200));
        var opened = JobRows.All[0] with { Expected = Rules.Anyone(201) };

        Assert.Contains("GET /api/wallet has no row.", Matrix.Compare(operations, [.. Matrix.Documented.Where(row => row.Operation != "GET /api/wallet")]));
        Assert.Contains("GET /api/everything is no operation.", Matrix.Compare(operations, [.. Matrix.Documented, extra]));
        Assert.Contains("POST /api/jobs is protected by its document.", Matrix.Compare(operations, [opened, .. Matrix.Documented.Except([JobRows.All[0]])]));
    }

    [Fact]
    public async Task Seeded_a_system_that_takes_everybody_for_an_admin_is_noticed()
    {
        var adminsToken = (await system.AdminAsync()).AccessToken();
        using var door = new HttpClient(new Impersonation(adminsToken)) { BaseAddress = system.Gateway.BaseAddress };
        Row[] rows = [.. Matrix.All.Where(row => row.Expected == Rules.Admin(201) || row.Operation == "DELETE /api/jobs/{id}")];

        var (_, complaints) = await Matrix.TryPeopleAsync(system, rows, door);

        // Nobody, the stranger and, where it is the admin's alone, the owner.
        Assert.All(rows, row => Assert.Contains($"{row.Operation} as Stranger: expected 403, got {row.Expected.Admin}.", complaints));
        Assert.All(rows, row => Assert.Contains($"{row.Operation} as Nobody: expected 401, got {row.Expected.Admin}.", complaints));
    }

    private async Task<Dictionary<string, string>> BadTokensAsync()
    {
        var forge = await system.ForgeAsync();
        var person = await system.RegisterAsync();
        var claims = TokenForge.ClaimsOf(person.AccessToken());
        var (foreign, elsewhere, former) = (claims.DeepClone().AsObject(), claims.DeepClone().AsObject(), claims.DeepClone().AsObject());
        foreign["iss"] = "https://identity.example.org";
        elsewhere["aud"] = "another-api";
        former["exp"] = (long)former["iat"]! - 60;
        former["iat"] = (long)former["exp"]! - 900;
        var content = TokenForge.Content(forge.Header.ToJsonString().Replace("ES256", "HS256"), claims.ToJsonString());
        var signature = HMACSHA256.HashData(forge.Key.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(content));
        return new()
        {
            ["a revoked session"] = await RevokedAsync(),
            ["a deleted user"] = await DeletedAsync(),
            ["the past"] = forge.Sign(former),
            ["another issuer"] = forge.Sign(foreign),
            ["another audience"] = forge.Sign(elsewhere),
            ["another algorithm"] = $"{content}.{TokenForge.Encode(signature)}",
        };
    }

    private async Task<string> RevokedAsync()
    {
        var person = await system.RegisterAsync();
        using var logout = await person.Client.PostAsJsonAsync("/api/auth/logout", new { refresh_token = person.RefreshToken });
        return await RefusedEverywhereAsync(person);
    }

    private async Task<string> DeletedAsync()
    {
        var person = await system.RegisterAsync();
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/users/me") { Content = JsonContent.Create(new { password = ExplainoSystem.Password }) };
        using var deleted = await person.Client.SendAsync(request);
        return await RefusedEverywhereAsync(person);
    }

    // Within 5 seconds (docs/contract.md#2-identity).
    private static async Task<string> RefusedEverywhereAsync(Member person)
    {
        foreach (var path in new[] { "/api/users/me", "/api/wallet", "/api/profiles", "/api/jobs", "/api/chats" })
        {
            await Eventually.TrueAsync(async () => (await person.Client.GetAsync(path)).StatusCode == HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(5));
        }

        return person.AccessToken();
    }

    /// <summary>The seeded bug: whoever asks, it is the admin who is asked for.</summary>
    private sealed class Impersonation(string token) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
