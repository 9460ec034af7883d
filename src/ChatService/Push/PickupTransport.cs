using System.Text.Json;
using System.Text.Json.Nodes;
using Explaino.ServiceData.Postgres;
using Microsoft.Extensions.Options;

namespace Explaino.ChatService.Push;

/// <summary>Pickup folder: one file for each device and subject, replaced by what is newer.</summary>
internal sealed class PickupTransport(IOptions<PushSettings> settings) : IPushTransport
{
    public async Task<PushOutcome> SendAsync(PushDelivery delivery, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(settings.Value.PickupDirectory).FullName;
        var file = Path.Combine(folder, $"{delivery.Push.DeviceId}.{delivery.Push.SubjectId}.json");
        var text = JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["device_id"] = delivery.Push.DeviceId,
            ["provider"] = WordConversion.WordOf(delivery.Provider),
            ["payload"] = JsonNode.Parse(delivery.Payload.ToBytes()),
        });

        // Renamed into place: who looks sees a whole file.
        var unfinished = $"{file}.{Guid.CreateVersion7():n}";
        await File.WriteAllBytesAsync(unfinished, text, cancellationToken);
        File.Move(unfinished, file, overwrite: true);
        return PushOutcome.Delivered;
    }
}
