using System.Security.Claims;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Http;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.ChatService.Messages;

/// <summary>What is said: the same under <c>/chats/{id}</c> and <c>/groups/{id}</c>.</summary>
internal static class MessageEndpoints
{
    public static void MapMessages(this RouteGroupBuilder conversations, ConversationKind kind)
    {
        var (one, of) = (conversations.MapGroup("/{id:guid}"), new Handlers(kind));
        var suffix = kind == ConversationKind.Chat ? "Chat" : "Group";
        one.MapGet("/messages", of.GetHistory).WithName($"GetHistoryOf{suffix}").WithSummary("Read what has been said: newest first, or after a message oldest first");
        one.MapPost("/messages", of.SendMessage).WithName($"SendMessageTo{suffix}").WithSummary("Say something; the same client_message_id again gives the same message").ForVerifiedPeople();
        one.MapGet("/messages/{messageId:guid}", of.GetMessage).WithName($"GetMessageOf{suffix}").WithSummary("Get a message").WithETag();
        one.MapPatch("/messages/{messageId:guid}", of.EditMessage).WithName($"EditMessageOf{suffix}").WithSummary("Edit a message, as its sender").ForVerifiedPeople().HonoursIfMatch();
        one.MapDelete("/messages/{messageId:guid}", of.DeleteMessage).WithName($"DeleteMessageOf{suffix}").WithSummary("Take a message back, as its sender; its place remains").HonoursIfMatch();
        one.MapPut("/read", of.MarkRead).WithName($"MarkReadIn{suffix}").WithSummary("Say how far one has read; never moves backwards");
    }

    /// <summary>Handlers for one kind of conversation; the kind is what the two groups of routes differ in.</summary>
    private sealed class Handlers(ConversationKind kind)
    {
        public async Task<Results<Ok<Page<MessageResponse>>, ProblemHttpResult>> GetHistory(
            [AsParameters] HistoryRequest part, [AsParameters] PageRequest page, Guid id, ClaimsPrincipal user, MessageStatements messages, CancellationToken cancellationToken)
        {
            if (part.Refusal is { } refusal)
            {
                return refusal.ToProblem();
            }

            // A cursor alone goes on with what it came from.
            var (messagesList, changesList) = ($"messages {id}", $"changes {id}");
            if (page.Cursor is not null && page.TryRead<HistoryPosition>(changesList, out var reached, out _))
            {
                part = part with { ChangedAfter = reached!.Seq };
            }

            var list = part.ChangedAfter is null ? messagesList : changesList;
            if (!page.TryRead<HistoryPosition>(list, out var position, out var problem))
            {
                return problem;
            }

            var found = await messages.HistoryAsync(new(kind, id), user.Id(), part, position, page.Rows, cancellationToken);
            return found.Succeeded
                ? TypedResults.Ok(found.Value.ToPage(page, list, message => part.PositionAfter(message, position)))
                : found.Refusal.ToProblem();
        }

        public async Task<Results<Created<MessageResponse>, Ok<MessageResponse>, ProblemHttpResult>> SendMessage(
            SendMessageRequest request, Guid id, ClaimsPrincipal user, MessageWriter messages)
        {
            var sent = await messages.SendAsync(new(kind, id), user.Id(), request.ToMessage());
            return !sent.Succeeded ? sent.Refusal.ToProblem()
                : sent.Value is { IsNew: true, Message: var message } ? TypedResults.Created($"/api/{kind.Path}/{id}/messages/{message.Id}", message)
                : TypedResults.Ok(sent.Value.Message);
        }

        public async Task<Results<Ok<MessageResponse>, ProblemHttpResult>> GetMessage(
            Guid id, Guid messageId, ClaimsPrincipal user, MessageStatements messages, CancellationToken cancellationToken)
        {
            var message = await messages.FindAsync(new(kind, id), user.Id(), messageId, cancellationToken);
            return message.Succeeded ? TypedResults.Ok(message.Value) : message.Refusal.ToProblem();
        }

        public async Task<Results<Ok<MessageResponse>, ProblemHttpResult>> EditMessage(
            MergePatch<MessageRequest> patch, Guid id, Guid messageId, ClaimsPrincipal user, HttpRequest http, MessageStatements messages, MessageWriter writer,
            MergePatcher patcher, CancellationToken cancellationToken)
        {
            var current = await messages.FindAsync(new(kind, id), user.Id(), messageId, cancellationToken);
            if (!current.Succeeded || http.ForbidsChange(current.Value))
            {
                return (current.Refusal ?? Refusal.PreconditionFailed).ToProblem();
            }

            if ((await patcher.ApplyAsync(patch, new MessageRequest("-"), cancellationToken)).IsProblem(out var invalid, out var changed))
            {
                return invalid;
            }

            // What was read above may be out of date: a patch that does not say what the content is to be must not write it.
            var content = patch.Mentions("content") ? changed.Content : null;
            var edited = await writer.EditAsync(new(kind, id), user.Id(), messageId, content, http.HasPrecondition() ? current.Value : null);
            return edited.Succeeded ? TypedResults.Ok(edited.Value) : edited.Refusal.ToProblem();
        }

        public async Task<Results<NoContent, ProblemHttpResult>> DeleteMessage(
            Guid id, Guid messageId, ClaimsPrincipal user, HttpRequest http, MessageStatements messages, MessageWriter writer, CancellationToken cancellationToken)
        {
            Result<MessageResponse> current = default;
            if (http.HasPrecondition())
            {
                current = await messages.FindAsync(new(kind, id), user.Id(), messageId, cancellationToken);
                if (!current.Succeeded || http.ForbidsChange(current.Value))
                {
                    return (current.Refusal ?? Refusal.PreconditionFailed).ToProblem();
                }
            }

            var deleted = await writer.DeleteAsync(new(kind, id), user.Id(), messageId, current.Value);
            return deleted.Succeeded ? TypedResults.NoContent() : deleted.Refusal.ToProblem();
        }

        public async Task<Results<NoContent, ProblemHttpResult>> MarkRead(ReadRequest request, Guid id, ClaimsPrincipal user, ReadMarkers markers) =>
            await markers.MarkReadAsync(new(kind, id), user.Id(), user.SessionId(), request.MessageId!.Value) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();
    }
}
