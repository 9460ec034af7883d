using System.ComponentModel;
using System.Security.Claims;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Data;
using Explaino.ChatService.Http;
using Explaino.ChatService.Messages;
using Explaino.ChatService.Notifications;
using Explaino.ChatService.Presence;
using Explaino.ServiceData.People;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Paging;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ChatService.Chats;

internal static class ChatEndpoints
{
    public static void MapChats(this IEndpointRouteBuilder api)
    {
        var chats = api.MapGroup("/chats").WithTags("Chats");
        chats.MapPost("/", StartChat).WithName(nameof(StartChat)).WithSummary("Start a chat, or get the one that exists");
        chats.MapGet("/", ListChats).WithName(nameof(ListChats)).WithSummary("List your chats, latest activity first");
        chats.MapGet("/{id:guid}", GetChat).WithName(nameof(GetChat)).WithSummary("Get a chat").WithETag();
        chats.MapMessages(ConversationKind.Chat);
    }

    private static async Task<Results<Created<ChatResponse>, Ok<ChatResponse>, ProblemHttpResult>> StartChat(
        StartChatRequest request, ClaimsPrincipal user, ChatDbContext db, ChatStatements chats, Notifier notifier, PresenceIntroductions introductions, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var (userId, peerId, now) = (user.Id(), request.UserId!.Value, clock.GetUtcNow());
        if (peerId == userId)
        {
            return Problems.Invalid("user_id", new Violation("oneself", "Must be somebody else."));
        }

        var (low, high) = userId < peerId ? (userId, peerId) : (peerId, userId);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockActivePersonAsync(user, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        // One statement for the pair: whoever comes second finds nothing to insert. With a deleted person, or one of whom either blocks the other, nothing
        // begins, but what there was is kept.
        var began = (await db.Database.SqlQuery<Beginning>(
            $"""
            WITH peer AS (
                SELECT id FROM people WHERE id = {peerId} AND deleted_at IS NULL FOR SHARE
            ), made AS (
                INSERT INTO chats (chat_id, user_low, user_high, created_at, last_seq, last_change, last_activity_at)
                SELECT {Guid.CreateVersion7(now)}, {low}, {high}, {now}, 0, 0, {now} FROM peer
                WHERE NOT EXISTS (SELECT FROM blocks WHERE is_active AND (blocker_id, blocked_id) IN (({low}, {high}), ({high}, {low})))
                ON CONFLICT (user_low, user_high) DO NOTHING
                RETURNING chat_id
            ), joined AS (
                INSERT INTO chat_members (chat_id, user_id, joined_seq, read_seq, own_after_read)
                SELECT chat_id, unnest(ARRAY[{low}, {high}]), 0, 0, 0 FROM made
            )
            SELECT EXISTS (SELECT FROM peer) AS "IsKnown", EXISTS (SELECT FROM made) AS "IsNew"
            """).ToListAsync(cancellationToken)).Single();
        await transaction.CommitAsync(cancellationToken);
        if (began.IsNew)
        {
            notifier.Notify(new ConversationTouched(), [userId, peerId]);
            await introductions.IntroduceAsync([userId, peerId], [userId, peerId]);
        }

        return await chats.FindWithAsync(peerId, userId, cancellationToken) is not { } chat
                ? began.IsKnown ? Refusal.NotReachable.ToProblem()
                : Problems.NotFound("user_not_found", "There is no such user, or they are not known here yet.").RetryAfter(TimeSpan.FromSeconds(1))
            : began.IsNew ? TypedResults.Created($"/api/chats/{chat.Id}", chat)
            : TypedResults.Ok(chat);
    }

    private static async Task<Results<Ok<Page<ChatResponse>>, ProblemHttpResult>> ListChats(
        [Description("false: without those that are archived; true: these only.")] bool? archived, [AsParameters] PageRequest page, ClaimsPrincipal user, ChatStatements chats, CancellationToken cancellationToken)
    {
        var found = await chats.ListAsync(user.Id(), archived, page, cancellationToken);
        return found.IsProblem(out var problem, out var items) ? problem : TypedResults.Ok(items);
    }

    private static async Task<Results<Ok<ChatResponse>, ProblemHttpResult>> GetChat(
        Guid id, ClaimsPrincipal user, ChatStatements chats, CancellationToken cancellationToken) =>
        await chats.FindAsync(id, user.Id(), cancellationToken) is { } chat ? TypedResults.Ok(chat) : Refusal.ConversationNotFound(Conversation.Chat(id)).ToProblem();

    /// <param name="IsKnown">Whether there is such a person.</param>
    /// <param name="IsNew">Whether the chat began with this.</param>
    private sealed record Beginning(bool IsKnown, bool IsNew);
}
