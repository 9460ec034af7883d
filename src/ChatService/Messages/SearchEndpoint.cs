using System.Security.Claims;
using Explaino.ChatService.Conversations;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Paging;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.ChatService.Messages;

internal static class SearchEndpoint
{
    public static void MapSearch(this IEndpointRouteBuilder api) =>
        api.MapGet("/messages/search", Search).WithTags("Messages").WithName(nameof(Search)).WithSummary("Search all your conversations, newest first");

    private static async Task<Results<Ok<Page<MessageResponse>>, ProblemHttpResult>> Search(
        [RequiredMember, Text(200)] string? q, [AsParameters] PageRequest page, ClaimsPrincipal user, SearchStatements messages, CancellationToken cancellationToken)
    {
        // Of a query parameter that is absent [RequiredMember] tells the document only.
        if (string.IsNullOrWhiteSpace(q))
        {
            return Problems.Invalid("q", new Violation("required", "Is required."));
        }

        var found = await messages.FindAsync(user.Id(), q.Trim(), page, cancellationToken);
        return found.IsProblem(out var problem, out var items) ? problem : TypedResults.Ok(items);
    }
}
