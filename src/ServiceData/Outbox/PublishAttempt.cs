using System.Runtime.ExceptionServices;
using Explaino.ServiceData.Messaging;
using MassTransit;
using PublishException = RabbitMQ.Client.Exceptions.PublishException;

namespace Explaino.ServiceData.Outbox;

/// <summary>Publish attempt: one sending of one event, which ends with its first failure. MassTransit repeats a sending that failed, four seconds later at the soonest, while a new one would succeed at once.</summary>
internal sealed class PublishAttempt
{
    // The connection goes on being made without the attempt, and the next one finds it.
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _limit;
    private volatile bool _isSent;
    private volatile Exception? _failure;

    private PublishAttempt(CancellationToken cancellationToken)
    {
        _limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _limit.CancelAfter(ConnectLimit);
    }

    /// <exception cref="UnconfirmedException">It was sent, and the broker refused it or said nothing until <see cref="BusConnection.ConfirmLimit"/>.</exception>
    /// <exception cref="TimeoutException">There was no connection to send it on.</exception>
    public static async Task RunAsync(IBus bus, object message, Guid messageId, CancellationToken cancellationToken)
    {
        var attempt = new PublishAttempt(cancellationToken);
        var limit = attempt._limit.Token;
        try
        {
            // What heeds no token is left to itself: the rows of a whole batch wait here.
            await attempt.SendAsync(bus, message, messageId).WaitAsync(limit);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var failure = attempt._failure ?? e;
            if (failure.InnerException is PublishException { IsReturn: false })
            {
                throw new UnconfirmedException("The broker refused it.", failure);
            }

            if (failure is OperationCanceledException)
            {
                throw attempt._isSent
                    ? new UnconfirmedException($"The broker said nothing within {BusConnection.ConfirmLimit}.", failure)
                    : new TimeoutException($"No connection to the broker within {ConnectLimit}.", failure);
            }

            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private async Task SendAsync(IBus bus, object message, Guid messageId)
    {
        using (_limit)
        {
            await bus.Publish(
                message,
                message.GetType(),
                context =>
                {
                    context.MessageId = messageId;
                    context.GetOrAddPayload(() => this);
                },
                _limit.Token);
        }
    }

    private void Begin()
    {
        _isSent = true;
        _limit.CancelAfter(BusConnection.ConfirmLimit);
    }

    private Task EndAsync(Exception failure)
    {
        _failure = failure;
        return _limit.CancelAsync();
    }

    /// <summary>Publish observer: tells each attempt how far it is.</summary>
    internal sealed class Observer : IPublishObserver
    {
        public Task PrePublish<T>(PublishContext<T> context) where T : class
        {
            Of(context)?.Begin();
            return Task.CompletedTask;
        }

        public Task PostPublish<T>(PublishContext<T> context) where T : class => Task.CompletedTask;

        public Task PublishFault<T>(PublishContext<T> context, Exception exception) where T : class => Of(context)?.EndAsync(exception) ?? Task.CompletedTask;

        private static PublishAttempt? Of(PipeContext context) => context.TryGetPayload<PublishAttempt>(out var attempt) ? attempt : null;
    }
}

/// <summary>An event was sent, and the broker did not confirm it.</summary>
internal sealed class UnconfirmedException(string message, Exception inner) : TimeoutException(message, inner);
