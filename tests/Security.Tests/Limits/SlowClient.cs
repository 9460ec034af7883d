using System.Diagnostics;

namespace Explaino.Security.Tests.Limits;

/// <summary>Slow client (slow loris): a request that comes a byte a second, on many connections at once.</summary>
internal sealed record SlowClient(string Start, byte[] Drop)
{
    public static readonly SlowClient Headers = new("GET /api/jobs HTTP/1.1\r\nHost: localhost\r\nX-", "a"u8.ToArray());

    public static readonly SlowClient Body = new(
        "POST /api/auth/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", " "u8.ToArray());

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How long each connection was kept before the other side cut it; those that never were, for the patience.</summary>
    public async Task<IReadOnlyList<TimeSpan>> HoldAsync(Uri address, int connections, TimeSpan patience) =>
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => HoldAsync(address, patience)));

    /// <summary>What is wrong with these times; null if all were cut within the limit.</summary>
    public static string? Complaint(IReadOnlyList<TimeSpan> waits, TimeSpan limit) =>
        waits.Max() < limit ? null : $"The slowest was kept for {waits.Max()}.";

    private async Task<TimeSpan> HoldAsync(Uri address, TimeSpan patience)
    {
        using var connection = await BareConnection.ConnectAsync(address);
        using var pause = new PeriodicTimer(Pause);
        var began = Stopwatch.GetTimestamp();
        await connection.SendAsync(Start);
        var reading = connection.ReadAsync(patience);
        while (!reading.IsCompleted && await connection.TrySendAsync(Drop))
        {
            await Task.WhenAny(reading, pause.WaitForNextTickAsync().AsTask());
        }

        return Stopwatch.GetElapsedTime(began);
    }
}
