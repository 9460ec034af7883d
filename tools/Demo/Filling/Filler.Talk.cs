using Explaino.Demo.Community;

namespace Explaino.Demo.Filling;

/// <summary>Conversations of two and of many. A message that was sent before is recognized by its client's id, for ever.</summary>
internal sealed partial class Filler
{
    private async Task TalkAsync(Conversation conversation, CancellationToken cancellationToken)
    {
        var chat = await _members[conversation.Starter].PostAsync("/api/chats", new { user_id = _members[conversation.Peer].Id }, cancellationToken);
        Totals.Count("chats", chat.IsNew);
        var path = $"/api/chats/{chat.Id}";
        var last = await SayAsync(path, $"{conversation.Starter.Username} to {conversation.Peer.Username}", conversation.Lines, cancellationToken);
        if (conversation.IsRead)
        {
            var reader = conversation.Lines[^1].Sender == conversation.Starter ? conversation.Peer : conversation.Starter;
            await ReadAsync(reader, path, last, cancellationToken);
        }
    }

    private async Task TalkInGroupAsync(Group group, CancellationToken cancellationToken)
    {
        var owner = _members[group.Owner];
        var former = (await owner.ListAsync("/api/groups", cancellationToken))
            .FirstOrDefault(present => (string)present["name"]! == group.Name && (string)present["owner_id"]! == owner.Id);
        Totals.Count("groups", former is null);
        var id = (string?)former?["id"]
            ?? (await owner.PostAsync("/api/groups", new { group.Name, user_ids = group.Others.Select(person => _members[person].Id) }, cancellationToken)).Id;
        var path = $"/api/groups/{id}";
        var last = await SayAsync(path, $"group of {group.Owner.Username}", group.Lines, cancellationToken);
        await ReadAsync(group.Owner, path, last, cancellationToken);
    }

    private async Task<string> SayAsync(
        string path, string name, IReadOnlyList<(Person Sender, string Text)> lines, CancellationToken cancellationToken)
    {
        var last = "";
        foreach (var (index, (sender, content)) in lines.Index())
        {
            var message = await _members[sender].PostAsync(
                $"{path}/messages", new { content, client_message_id = Draw.Id($"{name} {index}") }, cancellationToken);
            Totals.Count("messages", message.IsNew);
            last = message.Id;
        }

        return last;
    }

    private async Task ReadAsync(Person reader, string path, string message, CancellationToken cancellationToken) =>
        await _members[reader].SendAsync(HttpMethod.Put, $"{path}/read", Gateway.Body(new { message_id = message }), cancellationToken);
}
