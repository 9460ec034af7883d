using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

/// <summary>Guessing mailed codes, and what a stranger can do with them to somebody else (docs/adr/0024).</summary>
public sealed partial class MailedCodeTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private const string NewPassword = "a wholly new password";
    private const string Home = "198.51.100.1";

    private static int _networks;

    [Fact]
    public async Task A_strangers_guesses_leave_the_owner_the_code()
    {
        var member = await host.RegisterAsync();
        var code = await AskAsync(member, Home);
        await GuessAsync(member, code, NewNetwork(), 5);

        using var reset = await ResetAsync(member, code, Home);

        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);
    }

    [Fact]
    public async Task Whoever_guessed_wrong_five_times_is_not_told_that_the_sixth_is_right_whatever_address_of_the_network_it_comes_from()
    {
        var member = await host.RegisterAsync();
        var code = await AskAsync(member, Home);
        await GuessAsync(member, code, "2001:db8:0:1::1", 5);

        using var again = await ResetAsync(member, code, "2001:db8:0:1:ffff::2");

        await IsWrongAsync(again);
    }

    [Fact]
    public async Task A_strangers_requests_for_codes_neither_end_the_owners_code_nor_keep_the_owner_from_a_new_one()
    {
        var member = await host.RegisterAsync();
        var first = await AskAsync(member, Home);
        var stranger = NewNetwork();
        for (var mail = 2; mail <= 6; mail++)
        {
            await AskAsync(member, stranger, mail);
        }

        var second = await AskAsync(member, Home, mail: 7);

        using var former = await ResetAsync(member, first == second ? OtherThan(second) : first, Home);
        await IsWrongAsync(former); // the owner's own newer code replaced it
        using var reset = await ResetAsync(member, second, Home);
        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);
    }

    [Fact]
    public async Task However_many_ask_five_codes_live_at_once_and_ten_minutes_later_anybody_gets_one()
    {
        var member = await host.RegisterAsync();
        for (var mail = 1; mail <= 5; mail++)
        {
            await AskAsync(member, NewNetwork(), mail);
        }

        using var sixth = await PostAsync(Home, "/api/auth/password/forgot", new { email = member.Email });
        Assert.Equal(HttpStatusCode.Accepted, sixth.StatusCode);
        await AskAsync(await host.RegisterAsync(), Home);
        Assert.Equal(5, (await host.MailsToAsync(member.Email)).Count);

        host.Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));
        using var reset = await ResetAsync(member, await AskAsync(member, Home, mail: 6), Home);
        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);
    }

    [Fact]
    public async Task After_twenty_wrong_codes_in_a_row_over_days_codes_are_too_long_to_be_guessed_until_one_is_right()
    {
        var member = await host.RegisterAsync();
        for (var day = 1; day <= 3; day++)
        {
            await GuessAsync(member, await AskAsync(member, Home, day), NewNetwork(), 5);
            host.Clock.Advance(TimeSpan.FromDays(1));
        }

        var last = await AskAsync(member, Home, mail: 4);
        await GuessAsync(member, last, NewNetwork(), 5);
        await IsWrongAsync(await ResetAsync(member, last, Home)); // six digits are worth nothing any more

        var longer = await AskAsync(member, Home, mail: 5);
        Assert.Matches(TenCharacters(), longer);
        await GuessAsync(member, longer, NewNetwork(), 5);
        using var reset = await ResetAsync(member, $" {longer.ToLowerInvariant().Replace('-', ' ')} ", Home);
        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);

        Assert.Equal(6, (await AskAsync(member, Home, mail: 6)).Length);
    }

    [Fact]
    public async Task Guesses_at_once_from_everywhere_are_all_counted()
    {
        var member = await host.RegisterAsync();
        var code = await AskAsync(member, Home);

        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => ResetAsync(member, OtherThan(code), NewNetwork())));

        await IsWrongAsync(await ResetAsync(member, code, Home));
        Assert.Matches(TenCharacters(), await AskAsync(member, Home, mail: 2));
    }

    private static string NewNetwork() => $"203.0.{Interlocked.Increment(ref _networks)}.1";

    private static string OtherThan(string code) => code[0] == '2' ? $"3{code[1..]}" : $"2{code[1..]}";

    private static async Task IsWrongAsync(HttpResponseMessage response) =>
        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "code");

    private async Task<HttpResponseMessage> PostAsync(string address, string path, object body)
    {
        using var client = host.Anonymous();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        return await client.PostAsJsonAsync(path, body);
    }

    private async Task<string> AskAsync(Member member, string address, int mail = 1)
    {
        using var response = await PostAsync(address, "/api/auth/password/forgot", new { email = member.Email });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return await host.ReadCodeAsync(member.Email, mail);
    }

    private Task<HttpResponseMessage> ResetAsync(Member member, string code, string address) =>
        PostAsync(address, "/api/auth/password/reset", new { email = member.Email, code, new_password = NewPassword });

    private async Task GuessAsync(Member member, string code, string address, int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var response = await ResetAsync(member, OtherThan(code), address);
            await IsWrongAsync(response);
        }
    }

    [GeneratedRegex("^[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}$")]
    private static partial Regex TenCharacters();
}
