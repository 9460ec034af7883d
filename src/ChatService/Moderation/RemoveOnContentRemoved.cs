using Explaino.ChatService.Conversations;
using Explaino.ChatService.Messages;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceData.Reports;
using MassTransit;

namespace Explaino.ChatService.Moderation;

/// <summary>A message that a case was decided against becomes a deleted one, and is announced as such; twice is once.</summary>
internal sealed class RemoveOnContentRemoved(MessageWriter messages) : IConsumer<ContentRemoved>
{
    public async Task Consume(ConsumeContext<ContentRemoved> context)
    {
        var removed = context.Message;
        if (removed.Type == WordConversion.WordOf(ReportedType.Message))
        {
            await messages.RemoveAsync(Conversation.Chat(removed.ContainerId!.Value), removed.SubjectId);
        }
        else if (removed.Type == WordConversion.WordOf(ReportedType.GroupMessage))
        {
            await messages.RemoveAsync(Conversation.Group(removed.ContainerId!.Value), removed.SubjectId);
        }
    }
}
