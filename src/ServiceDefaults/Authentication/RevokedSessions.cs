using System.Collections.Concurrent;
using Explaino.ServiceDefaults.Errors;

namespace Explaino.ServiceDefaults.Authentication;

/// <summary>Whether a session has been revoked: asked of the database by Identity, of memory elsewhere.</summary>
public interface ISessionRevocations
{
    /// <exception cref="DependencyUnavailableException">It cannot be known yet.</exception>
    ValueTask<bool> IsRevokedAsync(Guid sessionId, Guid userId, CancellationToken cancellationToken);
}

/// <summary>
/// The sessions whose access tokens this instance refuses, held until the tokens have expired by themselves: for as long as one can live since the session was
/// heard of, whatever the clocks say, of which one may have been set. Filled from Identity, at start and every second (<see cref="RevokedSessionsFeed"/>), and
/// sooner by <c>SessionRevoked</c> events. Until Identity has answered once, nobody can be trusted.
/// </summary>
public sealed class RevokedSessions(TimeProvider clock) : ISessionRevocations
{
    private readonly ConcurrentDictionary<Guid, long> _heardAt = new();
    private volatile bool _filled;

    /// <summary>Raised once per session, for those who hold its connections open.</summary>
    public event Action<Guid>? Revoked;

    public ValueTask<bool> IsRevokedAsync(Guid sessionId, Guid userId, CancellationToken cancellationToken) =>
        _filled
            ? ValueTask.FromResult(_heardAt.ContainsKey(sessionId))
            : throw new DependencyUnavailableException("The revoked sessions have not been fetched yet.");

    public void Add(Guid sessionId)
    {
        if (_heardAt.TryAdd(sessionId, clock.GetTimestamp()))
        {
            Revoked?.Invoke(sessionId);
        }
    }

    internal void Fill(IEnumerable<RevokedSession> sessions)
    {
        foreach (var session in sessions)
        {
            Add(session.SessionId);
        }

        foreach (var (sessionId, heardAt) in _heardAt)
        {
            if (clock.GetElapsedTime(heardAt) > BearerAuthentication.RevocationLifetime)
            {
                _heardAt.TryRemove(sessionId, out _);
            }
        }

        _filled = true;
    }
}
