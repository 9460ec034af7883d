using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Explaino.Testing;
using Explaino.Trust.Tests.Network;

namespace Explaino.Trust.Tests.Sessions;

/// <summary>Who logs out, or is suspended, is out: in every service and on every live connection, within the contract's five seconds.</summary>
public sealed class RevocationTests(WiredSystem system)
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);

    /// <summary>One in each service.</summary>
    private static readonly string[] Doors = ["/api/users/me", "/api/wallet", "/api/profiles?q=ada", "/api/jobs", "/api/chats"];

    [Theory]
    [InlineData("logouts")]
    [InlineData("suspensions")]
    public async Task An_end_reaches_every_service_and_every_connection_in_time(string ends)
    {
        var admin = await system.SignInAsAdminAsync();
        var sessions = Scale.Of(test: 20, shortRun: 200, longRun: 1_000);
        var (refusals, closings) = (new ConcurrentBag<TimeSpan>(), new ConcurrentBag<TimeSpan>());
        await Parallel.ForAsync(0, sessions, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (_, _) =>
        {
            var person = await system.RegisterAsync();
            await using var device = await HubClient.ConnectAsync(system.Gateway.BaseAddress!, TokenOf(person));
            Assert.DoesNotContain(true, await Task.WhenAll(Doors.Select(path => IsRefusedAsync(person, path))));
            var started = ends == "logouts" ? await LogOutAsync(person) : await SuspendAsync(admin, person);
            var closed = TimeAsync(device.Closed, started);
            foreach (var refusal in await Task.WhenAll(Doors.Select(path => FirstRefusalAsync(person, path, started))))
            {
                refusals.Add(refusal);
            }

            closings.Add(await closed);
        });

        var (refusal, closing) = (Figure.Percentile(refusals, 99), Figure.Percentile(closings, 99));
        var prefix = ends == "logouts" ? "" : $"{ends}: ";
        Figures.Record("Sessions", ends, $"{sessions}");
        Figures.Record("Sessions", $"{prefix}refused by all five services after, p99, s", $"{refusal.TotalSeconds:F2}");
        Figures.Record("Sessions", $"{prefix}live connection closed after, p99, s", $"{closing.TotalSeconds:F2}");
        Assert.InRange(refusal, TimeSpan.Zero, Promised);
        Assert.InRange(closing, TimeSpan.Zero, Promised);
    }

    [Fact]
    public async Task A_logout_is_heard_in_time_though_the_broker_has_fallen_silent()
    {
        var person = await system.RegisterAsync();
        await person.WalletAsync(TimeSpan.FromSeconds(30));
        var wires = system.WiresTo(WiredSystem.TheBroker).ToList();
        wires.ForEach(wire => wire.FallSilent());
        try
        {
            var started = await LogOutAsync(person);
            foreach (var path in Doors)
            {
                await Eventually.TrueAsync(async () => await IsRefusedAsync(person, path), Promised, path);
            }

            Figures.Record("Sessions", "refused by all five services with a silent broker after, s", $"{Stopwatch.GetElapsedTime(started).TotalSeconds:F2}");
        }
        finally
        {
            wires.ForEach(wire => wire.Heal());
        }
    }

    [Fact]
    public async Task A_service_that_cannot_hear_of_it_is_noticed()
    {
        var person = await system.RegisterAsync();
        await person.WalletAsync(TimeSpan.FromSeconds(30));
        var wires = system.WiresFrom(Service.Wallet, WiredSystem.TheBroker).Concat(system.WiresFrom(Service.Wallet, Service.Identity.Name)).ToList();
        wires.ForEach(wire => wire.FallSilent());
        try
        {
            await LogOutAsync(person);

            await Assert.ThrowsAsync<TimeoutException>(
                () => Eventually.TrueAsync(async () => await IsRefusedAsync(person, "/api/wallet"), Promised));
        }
        finally
        {
            wires.ForEach(wire => wire.Heal());
        }

        await Eventually.TrueAsync(async () => await IsRefusedAsync(person, "/api/wallet"), TimeSpan.FromSeconds(45));
    }

    private static string TokenOf(Member person) => person.Client.DefaultRequestHeaders.Authorization!.Parameter!;

    private static async Task<TimeSpan> TimeAsync(Task end, long started)
    {
        await end.WaitAsync(TimeSpan.FromSeconds(30));
        return Stopwatch.GetElapsedTime(started);
    }

    private static async Task<long> LogOutAsync(Member person)
    {
        using var answer = await person.Client.PostAsJsonAsync("/api/auth/logout", new { refresh_token = person.RefreshToken });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        return Stopwatch.GetTimestamp();
    }

    /// <summary>What else would let them in again is refused at once: the refresh token, and the password.</summary>
    private async Task<long> SuspendAsync(Member admin, Member person)
    {
        using var answer = await admin.Client.PutAsJsonAsync($"/api/users/{person.Id}/suspension", new { reason = "Spam" });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        var started = Stopwatch.GetTimestamp();
        using var refreshed = await system.Gateway.PostAsJsonAsync("/api/auth/token/refresh", new { refresh_token = person.RefreshToken });
        Assert.Equal(HttpStatusCode.Unauthorized, refreshed.StatusCode);
        return started;
    }

    /// <summary>When the first request that was refused was sent: how long the answer took is not the logout's affair.</summary>
    private async Task<TimeSpan> FirstRefusalAsync(Member person, string path, long started)
    {
        var sent = TimeSpan.Zero;
        await Eventually.TrueAsync(
            () =>
            {
                sent = Stopwatch.GetElapsedTime(started);
                return IsRefusedAsync(person, path);
            },
            TimeSpan.FromSeconds(30),
            path);
        return sent;
    }

    private async Task<bool> IsRefusedAsync(Member person, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TokenOf(person));
        using var response = await system.Gateway.SendAsync(request);
        return response.StatusCode == HttpStatusCode.Unauthorized;
    }
}
