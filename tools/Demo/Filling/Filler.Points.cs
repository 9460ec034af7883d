using System.Text.Json.Nodes;
using Explaino.Demo.Community;

namespace Explaino.Demo.Filling;

/// <summary>Points: awards by the administrator, and transfers. The wallet's history says what was there before.</summary>
internal sealed partial class Filler
{
    private async Task AwardAsync(IGrouping<Person, Award> awards, CancellationToken cancellationToken)
    {
        var receiver = _members[awards.Key];
        var history = await receiver.ListAsync("/api/wallet/transactions", cancellationToken);
        foreach (var award in awards)
        {
            var missing = !history.Any(entry => Is(entry, "award", award.Amount, award.Reason));
            if (missing)
            {
                await _admin.PostAsync(
                    $"/api/wallets/{receiver.Id}/awards",
                    new { award.Amount, award.Reason },
                    cancellationToken,
                    Draw.Id($"award to {award.Receiver.Username}: {award.Reason}"));
            }

            Totals.Count("awards", missing);
        }
    }

    private async Task TransferAsync(IGrouping<Person, Transfer> transfers, CancellationToken cancellationToken)
    {
        var sender = _members[transfers.Key];
        var history = await sender.ListAsync("/api/wallet/transactions", cancellationToken);
        foreach (var transfer in transfers)
        {
            var receiver = _members[transfer.Receiver].Id;
            var missing = !history.Any(entry =>
                Is(entry, "transfer_out", -transfer.Amount, transfer.Reason) && (string?)entry["counterpart_user_id"] == receiver);
            if (missing)
            {
                await sender.PostAsync(
                    "/api/wallet/transfers",
                    new { to_user_id = receiver, transfer.Amount, transfer.Reason },
                    cancellationToken,
                    Draw.Id($"{transfer.Sender.Username} gives {transfer.Receiver.Username}"));
            }

            Totals.Count("transfers", missing);
        }
    }

    private static bool Is(JsonNode entry, string kind, int amount, string reason) =>
        (string)entry["kind"]! == kind && (int)entry["amount"]! == amount && (string?)entry["reason"] == reason;
}
