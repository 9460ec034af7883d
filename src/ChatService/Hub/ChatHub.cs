using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Groups;
using Explaino.ChatService.Messages;
using Explaino.ChatService.Notifications;
using Explaino.ChatService.Presence;
using Explaino.ServiceDefaults.Authentication;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;

namespace Explaino.ChatService.Hub;

/// <summary>A device's line to the service; see docs/chat-protocol.md. What it asks goes the ways that REST goes.</summary>
internal sealed class ChatHub(
    Connections connections, RabbitMqBackplane backplane, Notifier notifier, MessageWriter writer, MessageStatements reader, ReadMarkers markers, GroupStatements groups,
    PresenceStatements presence, UnreadAnnouncer unread, ISessionRevocations revocations, IHubContext<ChatHub, IChatClient> hub, TypingThrottle typing, PushDues dues, ChatMetrics metrics, IConfiguration configuration, TimeProvider clock,
    ILogger<ChatHub> logger) : Hub<IChatClient>
{
    /// <remarks>
    /// The start was read before the handshake (<see cref="HubHandshake"/>). 1. From here on notifications reach the mailbox, from here and from elsewhere; 2. what came in
    /// between is looked up first; 3. only then does the loop begin to give.
    /// </remarks>
    public override async Task OnConnectedAsync()
    {
        var connection = new Connection(
            Context, hub.Clients.Client(Context.ConnectionId), Context.GetHttpContext()!.Features.GetRequiredFeature<HubHandshake.Start>(), reader, groups, presence, unread, metrics, clock, logger);
        Context.Features.Set(connection);
        connections.Add(connection);
        if (await revocations.IsRevokedAsync(connection.SessionId, connection.UserId, Context.ConnectionAborted))
        {
            Context.Abort();
            return;
        }

        await backplane.FollowAsync(connection.UserId);
        connection.Send(new Resync());
        _ = connection.RunAsync();
    }

    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        connections.Remove(Current);
        await backplane.FollowAsync(Current.UserId);
        if (exception is not null)
        {
            await dues.AfterBrokenConnectionAsync(Current.UserId);
        }
    }

    public async Task<MessageResponse> SendMessage(SendMessageCommand command)
    {
        if (!Current.HasVerifiedEmail && configuration.OnlyVerifiedWrite())
        {
            throw HubFilter.Refused(Refusal.EmailNotVerified);
        }

        var sent = await writer.SendAsync(command.Conversation, Current.UserId, command.ToMessage());
        return sent.Succeeded ? sent.Value.Message : throw HubFilter.Refused(sent.Refusal);
    }

    public async Task Typing(TypingCommand command)
    {
        if (!typing.MayTell(Current.UserId, command.Conversation.Id))
        {
            return;
        }

        var members = await markers.MembersAsync(command.Conversation, Current.UserId, Context.ConnectionAborted)
            ?? throw HubFilter.Refused(Refusal.ConversationNotFound(command.Conversation));
        notifier.Notify(new MemberTypes(new(command.ChatId, command.GroupId, Current.UserId)), [.. members.Where(member => member != Current.UserId)]);
    }

    public async Task MarkRead(MarkReadCommand command)
    {
        if (await markers.MarkReadAsync(command.Conversation, Current.UserId, Current.SessionId, command.MessageId!.Value) is { } refusal)
        {
            throw HubFilter.Refused(refusal);
        }
    }

    /// <summary>Lets the connection live on with a newer access token of the same session.</summary>
    public async Task Renew(JsonElement accessToken)
    {
        if (accessToken.ValueKind != JsonValueKind.String || !TryRead(accessToken, out var token))
        {
            throw HubFilter.Refused(Refusal.Invalid("access_token", "The argument must be an access token, as text."));
        }

        // Judged as if it had come with a request of its own.
        await using var scope = Context.GetHttpContext()!.RequestServices.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        var request = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        request.Request.Headers.Authorization = $"Bearer {token}";
        var result = await request.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        if (result.Principal is not { } user || user.Id() != Current.UserId || user.SessionId() != Current.SessionId)
        {
            throw HubFilter.Refused(new(RefusalKind.Unauthenticated, "unauthenticated", "The token is not a valid one of this session."));
        }

        Current.Renew(user);
    }

    private Connection Current => Context.Features.GetRequiredFeature<Connection>();

    private static bool TryRead(JsonElement element, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = element.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            text = null;
        }

        return text is not null;
    }
}
