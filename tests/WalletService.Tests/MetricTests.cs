using System.Diagnostics.Metrics;
using System.Net;
using Explaino.Testing;

namespace Explaino.WalletService.Tests;

/// <summary>What an operator sees of the points that move. Instruments belong to the process, so no other test may run beside these.</summary>
[CollectionDefinition(nameof(MetricTests), DisableParallelization = true)]
[Collection(nameof(MetricTests))]
public sealed class MetricTests(WalletHost host) : IClassFixture<WalletHost>, IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<string> _measured = [];

    [Fact]
    public async Task Movements_and_points_are_counted_by_kind_and_once()
    {
        var sender = await host.NewMemberAsync(points: 100);
        var receiver = await host.NewMemberAsync();
        Listen();
        var key = Guid.CreateVersion7();

        using var first = await host.TransferAsync(sender, receiver.Id, 30, key: key);
        using var again = await host.TransferAsync(sender, receiver.Id, 30, key: key);
        using var deducted = await host.DeductAsync(receiver.Id, 5);

        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(
            [
                "explaino.wallet.movements 1 transfer", "explaino.wallet.points 30 transfer",
                "explaino.wallet.movements 1 deduction", "explaino.wallet.points 5 deduction",
            ],
            Measured());
    }

    [Fact]
    public async Task A_refusal_is_counted_with_its_reason_and_moves_nothing()
    {
        var sender = await host.NewMemberAsync(points: 10);
        var receiver = await host.NewMemberAsync();
        Listen();

        using var response = await host.TransferAsync(sender, receiver.Id, 11);

        await response.IsProblemAsync(HttpStatusCode.Conflict, "insufficient_points");
        Assert.Equal(["explaino.wallet.refusals 1 transfer insufficient_points"], Measured());
    }

    public void Dispose() => _listener.Dispose();

    private void Listen()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Explaino.Wallet")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            lock (_measured)
            {
                _measured.Add($"{instrument.Name} {value} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}");
            }
        });
        _listener.Start();
    }

    private string[] Measured()
    {
        lock (_measured)
        {
            return [.. _measured];
        }
    }
}
