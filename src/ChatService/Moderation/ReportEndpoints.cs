using System.Security.Claims;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Data;
using Explaino.ChatService.Http;
using Explaino.ChatService.Messages;
using Explaino.ServiceData.People;
using Explaino.ServiceData.Reports;
using Explaino.ServiceDefaults.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.ChatService.Moderation;

internal static class ReportEndpoints
{
    public static void MapReports(this IEndpointRouteBuilder api)
    {
        foreach (var (kind, type, suffix) in new[]
        {
            (ConversationKind.Chat, ReportedType.Message, "Chat"),
            (ConversationKind.Group, ReportedType.GroupMessage, "Group"),
        })
        {
            api.MapPost($"/{kind.Path}/{{id:guid}}/messages/{{messageId:guid}}/reports", new Handler(kind, type).ReportMessage).WithTags("Reports")
                .WithName($"ReportMessageOf{suffix}").WithSummary("Report a message, with the five before it");
        }
    }

    private sealed class Handler(ConversationKind kind, ReportedType type)
    {
        private const int Before = 5;

        public async Task<Results<Accepted<ReportResponse>, Ok<ReportResponse>, ProblemHttpResult>> ReportMessage(
            Guid id, Guid messageId, ReportRequest request, ClaimsPrincipal user, ChatDbContext db, MessageStatements messages, TimeProvider clock,
            CancellationToken cancellationToken)
        {
            var found = await messages.FindWithBeforeAsync(new(kind, id), user.Id(), messageId, Before, cancellationToken);
            if (!found.Succeeded)
            {
                return found.Refusal.ToProblem();
            }

            var message = found.Value[^1];
            if (message.DeletedAt is not null)
            {
                return Refusal.MessageDeleted.ToProblem();
            }

            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            if (await db.LockActivePersonAsync(user, cancellationToken) is { } refusal)
            {
                return refusal;
            }

            var earlier = found.Value[..^1].ConvertAll(said => new EarlierMessage(said.SenderId, said.Content, said.CreatedAt));
            var snapshot = new ContentSnapshot(null, message.Content, [], earlier, message.CreatedAt);
            return await db.TakeReportAsync(user.Id(), request, new("chat", type, messageId, id, message.SenderId, snapshot), clock, cancellationToken);
        }
    }
}
