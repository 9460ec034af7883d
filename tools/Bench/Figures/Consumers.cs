using System.Diagnostics;
using Explaino.Testing;

namespace Explaino.Bench.Figures;

/// <summary>Consumer throughput: how fast each service that was away takes up the accounts that were made meanwhile, each alone, from its queue to its tables, once it is connected again.</summary>
internal static class Consumers
{
    private const double Target = 3_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly (Service Service, string Accounts)[] All =
    [
        (Service.Wallet, "points_wallets WHERE user_id"), (Service.Profile, "people WHERE id"), (Service.Jobs, "people WHERE id"), (Service.Chat, "people WHERE id"),
    ];

    public static async Task<Figure> MeasureAsync(BenchSystem system, Data data, Options options)
    {
        var count = options.IsQuick ? 5_000 : 20_000;
        var names = All.Select(consumer => consumer.Service.Name).ToArray();
        await system.QuietAsync();
        system.Signal("STOP", names);
        try
        {
            await RegisterAsync(data, count);
            var rates = await RatesAsync(system, data, count);
            return new(
                "consumers, accounts/s", string.Join(", ", rates.Select(rate => $"{rate.Key} {rate.Value:N0}")), $"each ≥ {Target:N0}", rates.Values.All(rate => rate >= Target));
        }
        finally
        {
            // One that stands still could not be ended either.
            system.Signal("CONT", names);
        }
    }

    private static async Task<Dictionary<string, double>> RatesAsync(BenchSystem system, Data data, int count)
    {
        var rates = new Dictionary<string, double>();
        foreach (var (service, accounts) in All)
        {
            system.Signal("CONT", service.Name);

            // The broker has missed its heartbeats, so that it connects anew after what it had fetched before: seconds that say nothing of how fast it consumes.
            var first = await ReachAsync(data, service, accounts, count / 10);
            var last = await ReachAsync(data, service, accounts, count);
            rates[service.Name] = (last.Count - first.Count) / Stopwatch.GetElapsedTime(first.At, last.At).TotalSeconds;
            await system.QuietAsync();
        }

        return rates;
    }

    /// <summary>Waits until the service has taken up so many accounts.</summary>
    private static async Task<(long Count, long At)> ReachAsync(Data data, Service service, string accounts, int count)
    {
        var from = Stopwatch.GetTimestamp();
        while (true)
        {
            var taken = await data.ReadAsync<long>(
                service.Database, $"SELECT count(*) FROM {accounts} BETWEEN '01900000-0000-7000-9000-000000000001' AND '01900000-0000-7000-9000-999999999999'");
            if (taken >= count)
            {
                return (taken, Stopwatch.GetTimestamp());
            }

            if (Stopwatch.GetElapsedTime(from) > Patience)
            {
                throw new TimeoutException($"{service.Name} has not taken up {count} accounts after {Patience}.");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>As many accounts as Identity would tell of, in the broker's queues when it returns.</summary>
    private static async Task RegisterAsync(Data data, int count)
    {
        await data.ExecuteAsync(
            "identity",
            $$"""
            INSERT INTO outbox_messages (id, name, payload, user_id, created_at, attempts)
            SELECT (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n), 19, '0'))::uuid,
                'user-created.v1',
                format('{"userId":"01900000-0000-7000-9000-%s","username":"late%s","createdAt":"2026-01-01T00:00:00Z","version":1}', lpad(n::text, 12, '0'), n)::jsonb,
                ('01900000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, now(), 0
            FROM generate_series(1, {{count}}) AS n
            """);
        while (await data.ReadAsync<bool>("identity", "SELECT EXISTS (SELECT 1 FROM outbox_messages WHERE sent_at IS NULL AND set_aside_at IS NULL)"))
        {
            await Task.Delay(100);
        }
    }
}
