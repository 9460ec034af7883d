using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Explaino.ServiceDefaults.Authentication;

/// <summary>
/// How a request's token is judged: 1. found, and skipped where nobody asks for one; 2. its key made available; 3. verified by the handler;
/// 4. its claims and session checked; 5. what could not be judged is 503 rather than 401.
/// </summary>
internal sealed class BearerEvents(SigningKeys keys, VerifiedTokens tokens, ISessionRevocations revocations) : JwtBearerEvents
{
    private const string HubPath = "/hubs/";

    public override async Task MessageReceived(MessageReceivedContext context)
    {
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            context.NoResult();
            return;
        }

        if ((Header(context.Request) ?? HubToken(context.Request)) is not { } token)
        {
            return;
        }

        context.Token = token;
        if (tokens.KeyIdOf(token) is { } keyId)
        {
            await OrUnavailable(context, async () => await keys.EnsureAsync(keyId, context.HttpContext.RequestAborted));
        }
    }

    public override async Task TokenValidated(TokenValidatedContext context)
    {
        var user = context.Principal!;
        if (!Guid.TryParse(user.FindFirst("sub")?.Value, out var userId) || !Guid.TryParse(user.FindFirst("sid")?.Value, out var sessionId))
        {
            context.Fail("The token names no user or no session.");
            return;
        }

        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<ChecksSessionMetadata>() is not null)
        {
            return;
        }

        await OrUnavailable(context, async () =>
        {
            if (await revocations.IsRevokedAsync(sessionId, userId, context.HttpContext.RequestAborted))
            {
                context.Fail("The session has been revoked.");
            }
        });
    }

    public override Task Challenge(JwtBearerChallengeContext context) =>
        context.AuthenticateFailure is DependencyUnavailableException unavailable ? throw unavailable : Task.CompletedTask;

    /// <summary>Thrown only where the token decides something: a call that is open to anyone goes on without.</summary>
    private static async Task OrUnavailable(ResultContext<JwtBearerOptions> context, Func<Task> judge)
    {
        try
        {
            await judge();
        }
        catch (DependencyUnavailableException unavailable)
        {
            context.Fail(unavailable);
        }
    }

    private static string? Header(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value["Bearer ".Length..].Trim() : null;

    private static string? HubToken(HttpRequest request) =>
        request.Path.StartsWithSegments(HubPath.TrimEnd('/')) && !StringValues.IsNullOrEmpty(request.Query["access_token"])
            ? request.Query["access_token"].ToString()
            : null;
}

/// <summary>Marks a route whose own statement asks whether the session lives, so that one round trip does for both; it answers 401 where the session does not.</summary>
public sealed class ChecksSessionMetadata;
