using Explaino.ChatService.Messages;
using Explaino.ServiceData.People;
using MassTransit;

namespace Explaino.ChatService.Groups;

/// <summary>
/// A deleted user leaves all groups, and nothing more is delivered to them; what they said stays, what they attached goes. Twice is once: the second time
/// they are in no group.
/// </summary>
internal sealed class LeaveGroupsOnUserDeleted(GroupWriter groups, AttachmentErasure attachments) : IConsumer<UserDeleted>
{
    public async Task Consume(ConsumeContext<UserDeleted> context)
    {
        // First, because a group that they leave empty goes with what names its files; and again for what came in between.
        await attachments.EraseAsync(context.Message.UserId, context.CancellationToken);
        await groups.ForgetAsync(context.Message, context.CancellationToken);
        await attachments.EraseAsync(context.Message.UserId, context.CancellationToken);
    }
}
