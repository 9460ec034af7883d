using Explaino.ServiceDefaults.Authentication;
using Npgsql;

namespace Explaino.IdentityService.Sessions;

/// <summary>
/// Session validation: Identity refuses a revoked session's access tokens at once: what counts is whether the session is there. Asked with every request, and therefore
/// without Entity Framework, which took longer over it than the request's own query.
/// </summary>
internal sealed class LiveSessions(NpgsqlDataSource database) : ISessionRevocations
{
    public async ValueTask<bool> IsRevokedAsync(Guid sessionId, Guid userId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT FROM sessions WHERE id = $1 AND user_id = $2");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = sessionId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = userId });
        await using var session = await command.ExecuteReaderAsync(cancellationToken);
        return !await session.ReadAsync(cancellationToken);
    }
}
