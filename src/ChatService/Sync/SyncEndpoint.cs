using System.Security.Claims;
using Explaino.ChatService.Notifications;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.ChatService.Sync;

internal static class SyncEndpoint
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public static void AddSync(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SyncStatements>().AddSingleton<LongPoll>().AddSingleton<ChangeWaits>();
        builder.Services.AddSingleton<IListeners>(services => services.GetRequiredService<ChangeWaits>());
    }

    public static void MapSync(this IEndpointRouteBuilder api) =>
        api.MapPost("/sync", Sync).WithTags("Sync").WithName(nameof(Sync)).WithSummary("Get all that a device lacks, or wait for it");

    private static async Task<Results<Ok<SyncResponse>, ProblemHttpResult>> Sync(
        SyncRequest request, ClaimsPrincipal user, SyncStatements statements, LongPoll poll, ISessionRevocations revocations, CancellationToken cancellationToken)
    {
        var (userId, known) = (user.Id(), request.Known ?? []);
        if (request.Wait is null or 0)
        {
            return TypedResults.Ok(await statements.ReadAsync(userId, known, cancellationToken));
        }

        if (await poll.ReadAsync(userId, known, TimeSpan.FromSeconds(request.Wait.Value), cancellationToken) is not { } response)
        {
            return Problems.Of(StatusCodes.Status429TooManyRequests, "too_many_waiting", "Too many requests wait already; come back a little later.").RetryAfter(Pause);
        }

        // It may have waited beyond the end of its session.
        return await revocations.IsRevokedAsync(user.SessionId(), userId, cancellationToken)
            ? Problems.Unauthorized("unauthenticated", "The session has ended.")
            : TypedResults.Ok(response);
    }
}
