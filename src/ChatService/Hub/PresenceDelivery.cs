using Explaino.ChatService.Notifications;
using Explaino.ChatService.Presence;

namespace Explaino.ChatService.Hub;

/// <summary>Delivery of its user's contacts' presence to one device: what it is told, and after a <see cref="Resync"/> what it has missed.</summary>
/// <remarks>Only the connection's loop calls it, so nothing here is locked.</remarks>
internal sealed class PresenceDelivery(Connection connection, PresenceStatements presence)
{
    // As in OrderedDelivery: after an outage every connection looks at once.
    private static readonly SemaphoreSlim Resyncing = new(8);

    private readonly Dictionary<Guid, bool> _told = [];

    public async Task ReceiveAsync(PresenceChanged contact)
    {
        if (contact.Online && _told.GetValueOrDefault(contact.UserId))
        {
            // The comparison was faster than the notification.
            return;
        }

        await connection.Client.PresenceChanged(contact);
        _told[contact.UserId] = contact.Online;
    }

    /// <summary>Compares with the database: on connecting everybody is news, later only who came or went unheard.</summary>
    public async Task ResyncAsync()
    {
        await Resyncing.WaitAsync(connection.Closed);
        try
        {
            foreach (var contact in await presence.ContactsAsync(connection.UserId, connection.Closed))
            {
                if (!_told.TryGetValue(contact.UserId, out var online) || online != contact.Online)
                {
                    await ReceiveAsync(contact);
                }
            }
        }
        finally
        {
            Resyncing.Release();
        }
    }
}
