using Explaino.ServiceData.People;
using MassTransit;

namespace Explaino.ChatService.Groups;

/// <summary>A deleted user leaves all groups, and nothing more is delivered to them; what they said stays. Twice is once: the second time they are in no group.</summary>
internal sealed class LeaveGroupsOnUserDeleted(GroupWriter groups) : IConsumer<UserDeleted>
{
    public Task Consume(ConsumeContext<UserDeleted> context) => groups.ForgetAsync(context.Message, context.CancellationToken);
}
