using System.Security.Claims;
using Explaino.ChatService.Data;
using Explaino.ServiceData.Idempotency;
using Explaino.ServiceData.People;
using Explaino.ServiceDefaults.Errors;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ChatService.Attachments;

/// <summary>Keeps attachments within their owner's quota, and finds them for those who may see them.</summary>
internal sealed class AttachmentStatements(ChatDbContext db, IConfiguration configuration, TimeProvider clock)
{
    private const int LockSeed = 1_635_021_927; // "atta"

    /// <summary>What all attachments of one user may weigh together, in bytes.</summary>
    private readonly long _quota = configuration.GetValue("Attachments:QuotaMiB", 1024L) * 1024 * 1024;

    /// <summary>Adds the row of a stored file. Uploads of one user are added one after the other: their quota holds however many come at once.</summary>
    /// <returns>The attachment; or the one that came under the same key before; or the 401, 409 or 422 that says why there is none.</returns>
    public async Task<ProblemOr<Attachment>> AddAsync(Attachment attachment, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockActivePersonAsync(user, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var owner = attachment.OwnerId;
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({owner}::text, {LockSeed}))", cancellationToken);
        if (attachment.IdempotencyKey is { } key)
        {
            var expired = attachment.CreatedAt - IdempotencyKeys.Lifetime;
            await db.Attachments.Where(row => row.OwnerId == owner && row.IdempotencyKey == key && row.CreatedAt <= expired)
                .ExecuteUpdateAsync(update => update.SetProperty(row => row.IdempotencyKey, (Guid?)null), cancellationToken);
            if (await db.Attachments.AsNoTracking().SingleOrDefaultAsync(row => row.OwnerId == owner && row.IdempotencyKey == key, cancellationToken) is { } first)
            {
                return first.ContentHash.AsSpan().SequenceEqual(attachment.ContentHash) ? first : ReplayedAnswer.OfAnotherBody();
            }
        }

        if (await db.Attachments.Where(row => row.OwnerId == owner).SumAsync(row => row.Size, cancellationToken) + attachment.Size > _quota)
        {
            return Problems.Conflict(
                "attachment_quota_exceeded", $"Your attachments may weigh {_quota / 1024 / 1024} MiB together. Delete messages that carry some, and try again.");
        }

        db.Attachments.Add(attachment);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return attachment;
    }

    /// <summary>As its owner before it is sent, and then as somebody in its conversation; null if there is none for them.</summary>
    public Task<Attachment?> FindAsync(Guid id, Guid userId, CancellationToken cancellationToken) => db.Attachments.FromSql(
        $"""
        SELECT * FROM attachments AS a WHERE id = {id} AND CASE
            WHEN message_id IS NULL THEN owner_id = {userId} AND created_at > {clock.GetUtcNow() - AttachmentSql.UnsentLifetime}
            WHEN chat_id IS NOT NULL THEN EXISTS (SELECT FROM chat_members AS m WHERE m.chat_id = a.chat_id AND m.user_id = {userId})
            ELSE EXISTS (SELECT FROM group_chat_participants AS m WHERE m.group_id = a.group_id AND m.user_id = {userId}) END
        """).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
}
