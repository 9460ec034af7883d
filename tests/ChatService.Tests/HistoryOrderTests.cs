using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;
using Explaino.Testing.Histories;

namespace Explaino.ChatService.Tests;

/// <summary>What clients of two instances are told of a conversation is explained by one order of what was sent (linearizability), also where they gave up waiting.</summary>
public sealed class HistoryOrderTests(TwoInstances chat)
{
    private const int Conversations = 5;
    private const int Clients = 8;

    // A conversation must be read whole by one answer, so none becomes long.
    private const int OperationsOfEach = 20;
    private const int PageSize = 100;

    private static readonly int Rounds = Scale.Of(test: 1, shortRun: 5, longRun: 25);

    private readonly History<Guid, ConversationState> _history = new();

    [Fact]
    public async Task Messages_and_reads_of_many_clients_on_two_instances_are_linearizable_conversation_by_conversation()
    {
        for (var round = 0; round < Rounds; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, Conversations).Select(async _ => await TalkAsync(await StartAsync())));
        }

        var complaints = _history.Complaints(ConversationState.Empty);

        Figures.Record("Histories", "operations of clients on conversations", $"{_history.Count}");
        Figures.Record("Histories", "answers about conversations that no order explains", $"{complaints.Count}");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Seeded_a_reader_who_answers_from_memory_is_found()
    {
        var (id, clients) = await StartAsync();
        await SendAsync(clients[0], id);
        var remembered = await ReadAsync(clients[0], id);
        await SendAsync(clients[1], id);

        _history.Returned(id, "read from memory", Stopwatch.GetTimestamp(), ConversationState.Read(remembered));

        Assert.Contains("read from memory", Assert.Single(_history.Complaints(ConversationState.Empty)), StringComparison.Ordinal);
    }

    private async Task<(Guid Id, HttpClient[] Clients)> StartAsync()
    {
        var (ada, bob) = await chat.PairAsync();
        HttpClient[] clients = [chat.One.As(ada), chat.Other.As(ada), chat.One.As(bob), chat.Other.As(bob)];
        return (await clients[0].StartChatAsync(bob), clients);
    }

    private Task TalkAsync((Guid Id, HttpClient[] Clients) conversation) => Task.WhenAll(Enumerable.Range(0, Clients).Select(async number =>
    {
        var client = conversation.Clients[number % conversation.Clients.Length];
        for (var operation = 0; operation < OperationsOfEach; operation++)
        {
            await (Random.Shared.Next(2) == 0 && operation < PageSize / Clients ? SendAsync(client, conversation.Id) : ReadAsync(client, conversation.Id));
        }
    }));

    private async Task<List<Guid>> ReadAsync(HttpClient client, Guid id)
    {
        var called = Stopwatch.GetTimestamp();
        List<Guid> read = [.. (await client.ListAsync($"/api/chats/{id}/messages?after={Guid.Empty}&limit={PageSize}")).Select(message => (Guid)message["client_message_id"]!)];
        _history.Returned(id, $"read {read.Count}", called, ConversationState.Read(read));
        return read;
    }

    /// <summary>Now and then it is given up while it is under way, and sent again; or not, so that nobody knows.</summary>
    private async Task SendAsync(HttpClient client, Guid id)
    {
        var (called, message) = (Stopwatch.GetTimestamp(), Guid.CreateVersion7());
        using var patience = new CancellationTokenSource(Random.Shared.Next(5) == 0 ? TimeSpan.FromMilliseconds(Random.Shared.Next(1, 10)) : TimeSpan.FromMinutes(1));
        var seq = await TrySendAsync(client, id, message, patience.Token);
        if (seq is null && Random.Shared.Next(4) > 0)
        {
            seq = await TrySendAsync(client, id, message, CancellationToken.None);
        }

        if (seq is { } number)
        {
            _history.Returned(id, $"send {number}", called, ConversationState.Send(message, number));
        }
        else
        {
            _history.Unknown(id, "send, no answer", called, ConversationState.Send(message));
        }
    }

    private static async Task<long?> TrySendAsync(HttpClient client, Guid id, Guid message, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.PostAsJsonAsync($"/api/chats/{id}/messages", new { content = "Hello", client_message_id = message }, cancellationToken);
            return (long)(await answer.ReadObjectAsync(answer.StatusCode == HttpStatusCode.OK ? HttpStatusCode.OK : HttpStatusCode.Created))["seq"]!;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
