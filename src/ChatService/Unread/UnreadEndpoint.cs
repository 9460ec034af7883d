using System.Security.Claims;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.ChatService.Unread;

internal static class UnreadEndpoint
{
    public static void MapUnread(this IEndpointRouteBuilder api) =>
        api.MapGet("/unread", GetUnread).WithTags("Sync").WithName(nameof(GetUnread)).WithSummary("Count what you have not read").WithETag();

    private static async Task<Ok<UnreadResponse>> GetUnread(ClaimsPrincipal user, UnreadStatements unread, CancellationToken cancellationToken) =>
        TypedResults.Ok(await unread.ReadAsync(user.Id(), cancellationToken));
}
