using Explaino.IdentityService.Data;
using Explaino.ServiceDefaults.Authentication;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Sessions;

/// <summary>Identity refuses a revoked session's access tokens at once: what counts is whether the session is there.</summary>
internal sealed class LiveSessions(IServiceScopeFactory scopes) : ISessionRevocations
{
    public async ValueTask<bool> IsRevokedAsync(Guid sessionId, Guid userId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDbContext>();
        return !await db.Sessions.AnyAsync(session => session.Id == sessionId && session.UserId == userId, cancellationToken);
    }
}
