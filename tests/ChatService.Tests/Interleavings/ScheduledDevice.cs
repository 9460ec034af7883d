using System.Diagnostics.Metrics;
using System.Security.Claims;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Hub;
using Explaino.ChatService.Notifications;
using Explaino.ChatService.Presence;
using Explaino.ChatService.Unread;
using Explaino.Testing.Interleavings;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Explaino.ChatService.Tests.Interleavings;

/// <summary>A device that is connected, and complains of what it is told twice, out of order, or before what it is about.</summary>
internal sealed class ScheduledDevice : HubCallerContext, IChatClient
{
    private static readonly ChatMetrics Metrics = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());

    public ScheduledDevice(Schedule schedule, ScheduledChat chat)
    {
        var unread = new UnreadAnnouncer(null!, null!, schedule.Clock, NullLogger<UnreadAnnouncer>.Instance);
        Connection = new(this, this, new(Guid.Empty, [chat.Head], false), chat, null!, new NoContacts(), unread, Metrics, schedule.Clock, NullLogger.Instance);
        schedule.RunForever(Connection.RunAsync);
    }

    public Connection Connection { get; }

    /// <summary>What it shows.</summary>
    public List<MessageResponse> Shown { get; } = [];

    public List<string> Complaints { get; } = [];

    public override string ConnectionId => "";

    public override string? UserIdentifier => null;

    public override ClaimsPrincipal User { get; } = new(new ClaimsIdentity([new("sub", Guid.Empty.ToString()), new("sid", Guid.Empty.ToString()), new("exp", "2000000000")]));

    public override IDictionary<object, object?> Items { get; } = new Dictionary<object, object?>();

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override CancellationToken ConnectionAborted => CancellationToken.None;

    public override void Abort() => Complaints.Add("It was cut off.");

    public Task MessageReceived(MessageResponse message)
    {
        if (message.Seq != Shown.Count + 1)
        {
            Complaints.Add($"Message {message.Seq} comes after {Shown.Count}.");
        }

        Shown.Add(message);
        return Task.CompletedTask;
    }

    public Task MessageUpdated(MessageResponse message)
    {
        var known = Shown.FindIndex(shown => shown.Id == message.Id);
        if (known < 0)
        {
            Complaints.Add($"Message {message.Seq} changes before it comes.");
        }
        else
        {
            Shown[known] = message;
        }

        return Task.CompletedTask;
    }

    public Task MessageDeleted(MessageResponse message) => MessageUpdated(message);

    public Task ConversationRead(ConversationRead read) => throw new NotSupportedException();

    public Task Typing(Typing typing) => throw new NotSupportedException();

    public Task PresenceChanged(PresenceChanged presence) => throw new NotSupportedException();

    public Task GroupChanged(GroupResponse group) => throw new NotSupportedException();

    public Task GroupChanged(LeanGroupChanged group) => throw new NotSupportedException();

    public Task RemovedFromGroup(RemovedFromGroup removed) => throw new NotSupportedException();

    public Task UnreadChanged(UnreadResponse unread) => throw new NotSupportedException();

    private sealed class NoContacts() : PresenceStatements(null!)
    {
        public override Task<List<PresenceChanged>> ContactsAsync(Guid userId, CancellationToken cancellationToken) => Task.FromResult<List<PresenceChanged>>([]);
    }
}
