using System.Security.Claims;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults.Authentication;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ChatService.Devices;

/// <summary>Writes devices, inside the caller's transaction.</summary>
/// <remarks>
/// Advisory locks and then rows, in one order everywhere: 1. the session, shared by those who register in it, against its end; 2. the token, against others who
/// bring it at once; 3. the rows that the installation and the token have now.
/// </remarks>
internal static class DeviceStatements
{
    /// <summary>Devices of one person; of more the longest unheard of go.</summary>
    private const int MostOfUser = 50;

    /// <returns>False if the session has ended.</returns>
    public static async Task<bool> RegisterAsync(
        this DbContext db, Guid deviceId, ClaimsPrincipal user, DeviceRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (userId, sessionId, token) = (user.Id(), user.SessionId(), request.TokenHash);
        await db.Database.ExecuteSqlAsync(
            $"""
            SELECT pg_advisory_xact_lock_shared(hashtextextended('session ' || {sessionId}::text, 0)),
                pg_advisory_xact_lock(hashtextextended('device token ' || {Convert.ToHexString(token)}, 0))
            """,
            cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT FROM devices WHERE id = {deviceId} OR token_hash = {token} ORDER BY id FOR UPDATE", cancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM devices WHERE token_hash = {token} AND id <> {deviceId}", cancellationToken);
        var written = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO devices AS device (id, user_id, session_id, platform, provider, token, token_hash, locale, preview, sandbox, created_at, updated_at)
            SELECT {deviceId}, {userId}, {sessionId}, {WordConversion.WordOf(request.Platform!.Value)}, {WordConversion.WordOf(request.Provider!.Value)}, {request.Token},
                {token}, {request.Locale}, {WordConversion.WordOf(request.Preview ?? MessagePreview.Sender)}, {request.Sandbox == true}, {now}, {now}
            WHERE NOT EXISTS (SELECT FROM ended_sessions WHERE session_id = {sessionId})
            ON CONFLICT (id) DO UPDATE SET user_id = excluded.user_id, session_id = excluded.session_id, platform = excluded.platform, provider = excluded.provider,
                token = excluded.token, token_hash = excluded.token_hash, locale = excluded.locale, preview = excluded.preview, sandbox = excluded.sandbox,
                created_at = CASE WHEN device.user_id = excluded.user_id THEN device.created_at ELSE excluded.created_at END, updated_at = excluded.updated_at
            """,
            cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"DELETE FROM devices WHERE id IN (SELECT id FROM devices WHERE user_id = {userId} ORDER BY updated_at DESC, id OFFSET {MostOfUser})", cancellationToken);
        return written == 1;
    }

    /// <summary>Ends the devices of a session, and lets no later one begin.</summary>
    public static async Task EndDevicesAsync(this DbContext db, Guid sessionId, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended('session ' || {sessionId}::text, 0))", cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO ended_sessions (session_id, expires_at) VALUES ({sessionId}, {expiresAt.ToUniversalTime()}) ON CONFLICT DO NOTHING", cancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM devices WHERE session_id = {sessionId}", cancellationToken);
    }

    public static Task DeleteDevicesAsync(this DbContext db, Guid userId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"DELETE FROM devices WHERE user_id = {userId}", cancellationToken);
}
