using Explaino.IdentityService.Data;
using Explaino.IdentityService.Mail;
using Explaino.IdentityService.Users;
using Explaino.ServiceData.Audit;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Sessions;

internal static class SessionStatements
{
    /// <summary>
    /// Opens a session for the password that was verified, if it is still the user's, and reads the user under the same lock: of a role, a name or an
    /// account that was taken away while the password was hashed, nothing gets into the token, and what is taken away later ends this session too.
    /// </summary>
    public static async Task<User?> OpenSessionAsync(
        this IdentityDbContext db, Guid passwordStamp, Guid sessionId, byte[] tokenHash, ActionAudited entry, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The first device of an account is no news; what this statement inserts, it does not see.
        var (userId, userAgent) = (entry.SubjectId, entry.UserAgent);
        var users = await db.Users.FromSql(
            $"""
            WITH account AS (
                SELECT * FROM users WHERE id = {userId} AND password_stamp = {passwordStamp} AND (suspended_until <= {now}) IS NOT FALSE FOR SHARE
            ), session AS (
                INSERT INTO sessions (id, user_id, created_at, last_used_at, user_agent, ip)
                SELECT {sessionId}, id, {now}, {now}, {userAgent}, {entry.Ip} FROM account
                RETURNING id
            ), token AS (
                INSERT INTO refresh_tokens (hash, session_id, expires_at) SELECT {tokenHash}, id, {now + RefreshTokens.Lifetime} FROM session
            ), device AS (
                INSERT INTO known_devices (user_id, hash) SELECT id, {KnownDevice.HashOf(userAgent)} FROM account ON CONFLICT DO NOTHING RETURNING user_id
            ), notice AS (
                INSERT INTO mails (id, email, purpose, detail, created_at, next_attempt_at, attempts)
                SELECT {Guid.CreateVersion7(now)}, account.normalized_email, {nameof(MailPurpose.NewDevice)}, {userAgent ?? "an unknown one"}, {now}, {now}, 0
                FROM account JOIN device ON device.user_id = account.id
                WHERE EXISTS (SELECT FROM known_devices WHERE user_id = account.id)
            ), audited AS (
                INSERT INTO audit_entries (id, at, service, action, actor_kind, actor_id, subject_type, subject_id, outcome, ip, user_agent, trace_id)
                SELECT {entry.EventId}, {now}, {entry.Service}, {entry.Action}, {entry.ActorKind}, id, {entry.SubjectType}, id, {entry.Outcome}, {entry.Ip},
                    {userAgent}, {entry.TraceId}
                FROM account
            )
            SELECT * FROM account
            """).AsNoTracking().ToListAsync(cancellationToken);
        return users.SingleOrDefault();
    }
}
