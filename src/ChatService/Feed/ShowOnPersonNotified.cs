using System.ComponentModel.DataAnnotations;
using Explaino.ChatService.Events;
using Explaino.ServiceData;
using MassTransit;

namespace Explaino.ChatService.Feed;

/// <summary>Shows somebody what they are told of, once per event id; one that breaks its document ends in the error queue.</summary>
internal sealed class ShowOnPersonNotified(GroupCommit<PersonNotified> feed) : IConsumer<PersonNotified>
{
    public Task Consume(ConsumeContext<PersonNotified> context)
    {
        Validator.ValidateObject(context.Message, new ValidationContext(context.Message), validateAllProperties: true);
        return feed.WriteAsync(context.Message, context.CancellationToken);
    }
}

internal static class FeedRegistration
{
    public static void AddFeed(this IBusRegistrationConfigurator bus) => bus.AddConsumer<ShowOnPersonNotified>().Endpoint(endpoint =>
    {
        endpoint.Name = "chat-service.person-notified";
        endpoint.PrefetchCount = FeedSetup.LargestGroup;
    });
}
