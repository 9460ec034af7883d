using System.ComponentModel.DataAnnotations;
using Explaino.ChatService.Events;
using Explaino.ChatService.Notifications;
using MassTransit;

namespace Explaino.ChatService.Feed;

/// <summary>Shows somebody what they are told of, once per event id; one that breaks its document ends in the error queue.</summary>
internal sealed class ShowOnPersonNotified(FeedWriter feed, Notifier notifier) : IConsumer<PersonNotified>
{
    public async Task Consume(ConsumeContext<PersonNotified> context)
    {
        var told = context.Message;
        Validator.ValidateObject(told, new ValidationContext(told), validateAllProperties: true);
        if (await feed.ApplyAsync(told, context.CancellationToken))
        {
            notifier.Notify(new ConversationTouched(), [told.RecipientId]);
        }
    }
}
