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

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockActivePersonAsync(user, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var start = await ChatStatements.StartAsync(db, userId, peerId, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (start.IsNew)
        {
            notifier.Notify(new ConversationTouched(), [userId, peerId]);
            await introductions.IntroduceAsync([userId, peerId], [userId, peerId]);
        }

        return await chats.FindWithAsync(peerId, userId, cancellationToken) is not { } chat
                ? start.IsKnown ? Refusal.NotReachable.ToProblem()
                : Problems.NotFound("user_not_found", "There is no such user, or they are not known here yet.").RetryAfter(TimeSpan.FromSeconds(1))
            : start.IsNew ? TypedResults.Created($"/api/chats/{chat.Id}", chat)
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
}
