using Explaino.ChatService.Data;
using Explaino.ServiceData.Postgres;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ChatService.Devices;

internal static class DevicesSetup
{
    public static void AddDevices(this WebApplicationBuilder builder) =>
        builder.Services.AddRetention<ChatDbContext>("ended sessions", TimeSpan.FromMinutes(10), (db, now, cancellationToken) =>
            db.EndedSessions.Where(ended => ended.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken));
}
