using Explaino.ChatService.Notifications;
using RabbitMQ.Client;

namespace Explaino.ChatService.Hub;

/// <summary>Backplane subscriptions: whose notifications the broker brings to this instance, which are those of the users who listen here.</summary>
internal sealed class BackplaneSubscriptions(Listeners listeners) : IDisposable
{
    /// <summary>To which notifications are published, with their recipients as routing keys.</summary>
    public const string Exchange = "explaino.chat.notices";

    /// <summary>The routing key that every instance follows.</summary>
    public const string Everybody = "everybody";

    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly HashSet<Guid> _bound = [];
    private (IChannel Channel, string Queue)? _link;

    public static string Key(Guid userId) => userId.ToString("n");

    /// <summary>Makes this instance's queue, bound to everybody who listens here; from now on changes follow.</summary>
    /// <returns>The queue's name.</returns>
    public async Task<string> BeginAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Direct, durable: true, cancellationToken: cancellationToken);
        var queue = (await channel.QueueDeclareAsync(cancellationToken: cancellationToken)).QueueName;
        await channel.QueueBindAsync(queue, Exchange, Everybody, cancellationToken: cancellationToken);

        await _changing.WaitAsync(cancellationToken);
        try
        {
            _bound.Clear();
            _link = (channel, queue);
            foreach (var userId in listeners.Users)
            {
                await BindAsync(userId, cancellationToken);
            }
        }
        finally
        {
            _changing.Release();
        }

        return queue;
    }

    /// <summary>The link is lost, and the queue with it.</summary>
    public async Task EndAsync()
    {
        await _changing.WaitAsync(CancellationToken.None);
        _link = null;
        _changing.Release();
    }

    /// <summary>Binds or unbinds a user, according to whether they listen here. Without a link this is done when it is back.</summary>
    public async Task FollowAsync(Guid userId, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            await BindAsync(userId, cancellationToken);
        }
        finally
        {
            _changing.Release();
        }
    }

    public void Dispose() => _changing.Dispose();

    private async Task BindAsync(Guid userId, CancellationToken cancellationToken)
    {
        if (_link is not var (channel, queue))
        {
            return;
        }

        if (listeners.Has(userId))
        {
            if (_bound.Add(userId))
            {
                await channel.QueueBindAsync(queue, Exchange, Key(userId), cancellationToken: cancellationToken);
            }
        }
        else if (_bound.Remove(userId))
        {
            await channel.QueueUnbindAsync(queue, Exchange, Key(userId), cancellationToken: cancellationToken);
        }
    }
}
