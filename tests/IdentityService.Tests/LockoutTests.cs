using System.Net;
using System.Security.Cryptography;
using System.Text;
using Explaino.Testing;
using Npgsql;

namespace Explaino.IdentityService.Tests;

/// <summary>Tries that nobody decided, since the process that looked at the password died.</summary>
public sealed class LockoutTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task After_half_a_minute_they_count_as_failed()
    {
        var member = await host.RegisterAsync();
        await TryAsync(member, count: 10, ago: TimeSpan.FromSeconds(31));

        using var locked = await host.TryLogInAsync(member.Email, member.Password);

        await locked.IsProblemAsync(HttpStatusCode.TooManyRequests, "account_locked");
        Assert.InRange(locked.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(14.5));
    }

    [Fact]
    public async Task Until_then_whoever_comes_waits_for_them()
    {
        var member = await host.RegisterAsync();
        await TryAsync(member, count: 10, ago: TimeSpan.FromSeconds(20));
        var waiting = host.TryLogInAsync(member.Email, member.Password);
        await Task.WhenAny(waiting, host.LogInAsync(await host.RegisterAsync()));
        Assert.False(waiting.IsCompleted);

        host.Clock.Advance(TimeSpan.FromSeconds(11));

        using var locked = await waiting;
        await locked.IsProblemAsync(HttpStatusCode.TooManyRequests, "account_locked");
        Assert.InRange(locked.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(14.5));
    }

    [Fact]
    public async Task Of_an_instance_whose_clock_is_ahead_they_are_waited_for_half_a_minute_and_no_longer()
    {
        var member = await host.RegisterAsync();
        await TryAsync(member, count: 10, ago: TimeSpan.FromMinutes(-2));
        var waiting = host.TryLogInAsync(member.Email, member.Password);
        await Task.WhenAny(waiting, host.LogInAsync(await host.RegisterAsync()));
        Assert.False(waiting.IsCompleted);

        host.Clock.Advance(TimeSpan.FromSeconds(31));

        using var locked = await waiting;
        await locked.IsProblemAsync(HttpStatusCode.TooManyRequests, "account_locked");
        Assert.Equal(TimeSpan.FromSeconds(1), locked.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task Nine_of_them_are_in_nobodys_way_and_stay_when_the_right_password_comes()
    {
        var member = await host.RegisterAsync();
        await TryAsync(member, count: 9, ago: TimeSpan.FromSeconds(5));

        await host.LogInAsync(member);

        Assert.Equal(9, await host.CountAsync($"login_failures WHERE account = '\\x{Account(member)}'"));
    }

    private async Task TryAsync(Member member, int count, TimeSpan ago)
    {
        await using var database = NpgsqlDataSource.Create(host.Environment.Database.SuperuserConnectionString);
        await using var command = database.CreateCommand(
            $"INSERT INTO login_failures (id, account, tried_at, failed) SELECT gen_random_uuid(), '\\x{Account(member)}', $1, false FROM generate_series(1, {count})");
        command.Parameters.Add(new() { Value = host.Clock.GetUtcNow() - ago });
        await command.ExecuteNonQueryAsync();
    }

    private static string Account(Member member) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(member.Email.ToLowerInvariant())));
}
