using System.Security.Claims;
using Explaino.ChatService.Conversations;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Paging;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.ChatService.Messages;

/// <summary>What is said: the same under <c>/chats/{id}</c> and <c>/groups/{id}</c>.</summary>
internal static class MessageEndpoints
{
    public static void MapSearch(this IEndpointRouteBuilder api) =>
        api.MapGet("/messages/search", Search).WithTags("Messages").WithName(nameof(Search)).WithSummary("Search all of one's conversations, newest first");

    public static void MapMessages(this RouteGroupBuilder conversations, ConversationKind kind)
    {
        var suffix = kind == ConversationKind.Chat ? "Chat" : "Group";
        var one = conversations.MapGroup("/{id:guid}");

        one.MapGet("/messages", ([AsParameters] HistoryRequest part, [AsParameters] PageRequest page, Guid id, ClaimsPrincipal user, MessageReader messages, CancellationToken cancellationToken) =>
            GetHistory(new(kind, id), part, page, user, messages, cancellationToken))
            .WithName($"{nameof(GetHistory)}Of{suffix}").WithSummary("Read what has been said: newest first, or after a message oldest first");
        one.MapPost("/messages", (SendMessageRequest request, Guid id, ClaimsPrincipal user, MessageWriter messages) =>
            SendMessage(new(kind, id), request, user, messages))
            .WithName($"{nameof(SendMessage)}To{suffix}").WithSummary("Say something; the same client_message_id again gives the same message");
        one.MapGet("/messages/{messageId:guid}", (Guid id, Guid messageId, ClaimsPrincipal user, MessageReader messages, CancellationToken cancellationToken) =>
            GetMessage(new(kind, id), messageId, user, messages, cancellationToken))
            .WithName($"{nameof(GetMessage)}Of{suffix}").WithSummary("Get a message").WithETag();
        one.MapPatch("/messages/{messageId:guid}", (MergePatch<MessagePatch> patch, Guid id, Guid messageId, ClaimsPrincipal user, HttpRequest http, MessageReader messages, MessageWriter writer, MergePatcher patcher, CancellationToken cancellationToken) =>
            EditMessage(new(kind, id), messageId, patch, user, http, messages, writer, patcher, cancellationToken))
            .WithName($"{nameof(EditMessage)}Of{suffix}").WithSummary("Edit a message, as its sender");
        one.MapDelete("/messages/{messageId:guid}", (Guid id, Guid messageId, ClaimsPrincipal user, HttpRequest http, MessageReader messages, MessageWriter writer, CancellationToken cancellationToken) =>
            DeleteMessage(new(kind, id), messageId, user, http, messages, writer, cancellationToken))
            .WithName($"{nameof(DeleteMessage)}Of{suffix}").WithSummary("Take a message back, as its sender; its place remains");
        one.MapPut("/read", (ReadRequest request, Guid id, ClaimsPrincipal user, ReadMarkers markers) =>
            MarkRead(new(kind, id), request, user, markers))
            .WithName($"{nameof(MarkRead)}In{suffix}").WithSummary("Say how far one has read; never moves backwards");
    }

    private static async Task<Results<Ok<Page<MessageResponse>>, ProblemHttpResult>> GetHistory(
        Conversation conversation, HistoryRequest part, PageRequest page, ClaimsPrincipal user, MessageReader messages, CancellationToken cancellationToken)
    {
        var (found, refusal) = await messages.HistoryAsync(conversation, user.Id(), part, page, cancellationToken);
        return found is null ? refusal! : TypedResults.Ok(found);
    }

    private static async Task<Results<Created<MessageResponse>, Ok<MessageResponse>, ProblemHttpResult>> SendMessage(
        Conversation conversation, SendMessageRequest request, ClaimsPrincipal user, MessageWriter messages)
    {
        var (sent, refusal) = await messages.SendAsync(conversation, user.Id(), request.Content!, request.ClientMessageId);
        return sent is null ? refusal!
            : sent.IsNew ? TypedResults.Created($"/api/{conversation.Kind.Path}/{conversation.Id}/messages/{sent.Message.Id}", sent.Message)
            : TypedResults.Ok(sent.Message);
    }

    private static async Task<Results<Ok<MessageResponse>, ProblemHttpResult>> GetMessage(
        Conversation conversation, Guid messageId, ClaimsPrincipal user, MessageReader messages, CancellationToken cancellationToken)
    {
        var (message, refusal) = await messages.FindAsync(conversation, user.Id(), messageId, cancellationToken);
        return message is null ? refusal! : TypedResults.Ok(message);
    }

    private static async Task<Results<Ok<MessageResponse>, ProblemHttpResult>> EditMessage(
        Conversation conversation, Guid messageId, MergePatch<MessagePatch> patch, ClaimsPrincipal user, HttpRequest http, MessageReader messages, MessageWriter writer,
        MergePatcher patcher, CancellationToken cancellationToken)
    {
        var (current, refusal) = await messages.FindAsync(conversation, user.Id(), messageId, cancellationToken);
        if (current is null || http.ForbidsChange(current))
        {
            return refusal ?? Problems.PreconditionFailed();
        }

        var (changed, invalid) = await patcher.ApplyAsync(patch, new MessagePatch(current.Content ?? "-"), cancellationToken);
        if (changed is null)
        {
            return invalid!;
        }

        var (edited, impossible) = await writer.EditAsync(conversation, user.Id(), messageId, changed.Content!, http.HasPrecondition() ? current : null);
        return edited is null ? impossible! : TypedResults.Ok(edited);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteMessage(
        Conversation conversation, Guid messageId, ClaimsPrincipal user, HttpRequest http, MessageReader messages, MessageWriter writer, CancellationToken cancellationToken)
    {
        var (current, refusal) = http.HasPrecondition() ? await messages.FindAsync(conversation, user.Id(), messageId, cancellationToken) : default;
        if (refusal is not null || (current is not null && http.ForbidsChange(current)))
        {
            return refusal ?? Problems.PreconditionFailed();
        }

        var (_, impossible) = await writer.DeleteAsync(conversation, user.Id(), messageId, current);
        return impossible is null ? TypedResults.NoContent() : impossible;
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> MarkRead(
        Conversation conversation, ReadRequest request, ClaimsPrincipal user, ReadMarkers markers) =>
        await markers.MarkReadAsync(conversation, user.Id(), request.MessageId!.Value) is { } refusal ? refusal : TypedResults.NoContent();

    private static async Task<Results<Ok<Page<MessageResponse>>, ProblemHttpResult>> Search(
        [Text(200)] string? q, [AsParameters] PageRequest page, ClaimsPrincipal user, MessageReader messages, CancellationToken cancellationToken)
    {
        // [Required] has no effect on a query parameter that is absent.
        if (string.IsNullOrWhiteSpace(q))
        {
            return Problems.Invalid("q", "Is required.");
        }

        var (found, refusal) = await messages.SearchAsync(user.Id(), q.Trim(), page, cancellationToken);
        return found is null ? refusal! : TypedResults.Ok(found);
    }
}
