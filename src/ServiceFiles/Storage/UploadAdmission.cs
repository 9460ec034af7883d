using System.Threading.RateLimiting;
using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Configuration;

namespace Explaino.ServiceFiles.Storage;

/// <summary>
/// Admission control of uploads: one takes a place before its first byte is kept, so that an instance never keeps more than
/// <see cref="Upload.Room"/> for all of them.
/// </summary>
internal sealed class UploadAdmission(IConfiguration configuration, TimeProvider clock) : IDisposable
{
    private const int PlacesPerUser = 2;

    // Who waits holds a connection only, and not for long: a burst is smoothed, a queue is none.
    private readonly TimeSpan _wait = configuration.GetValue("Uploads:Wait", TimeSpan.FromSeconds(5));

    private readonly ConcurrencyLimiter _places = new(new() { PermitLimit = Upload.Places, QueueLimit = 256 });

    private readonly PartitionedRateLimiter<Guid> _placesOfUsers = PartitionedRateLimiter.Create<Guid, Guid>(userId =>
        RateLimitPartition.GetConcurrencyLimiter(userId, _ => new() { PermitLimit = PlacesPerUser, QueueLimit = 16 }));

    /// <returns>The place, until it is disposed of; or the 429 or 503.</returns>
    public async Task<ProblemOr<UploadPlace>> EnterAsync(Guid userId, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_wait, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);

        var own = await TakeAsync(cancellation => _placesOfUsers.AcquireAsync(userId, 1, cancellation), either.Token, cancellationToken);
        if (own is null)
        {
            return Refuse(StatusCodes.Status429TooManyRequests, "too_many_uploads", $"You have {PlacesPerUser} uploads under way; try again when one has ended.");
        }

        var place = await TakeAsync(cancellation => _places.AcquireAsync(1, cancellation), either.Token, cancellationToken);
        if (place is null)
        {
            own.Dispose();
            return Refuse(StatusCodes.Status503ServiceUnavailable, ProblemCodes.Unavailable, "Too many uploads are under way; try again.");
        }

        return new UploadPlace(own, place);
    }

    public void Dispose()
    {
        _places.Dispose();
        _placesOfUsers.Dispose();
    }

    private static async Task<IDisposable?> TakeAsync(
        Func<CancellationToken, ValueTask<RateLimitLease>> take, CancellationToken patience, CancellationToken cancellationToken)
    {
        try
        {
            var lease = await take(patience);
            return lease.IsAcquired ? lease : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static ProblemHttpResult Refuse(int status, string code, string detail) =>
        Problems.Of(status, code, detail).RetryAfter(TimeSpan.FromSeconds(5));
}

/// <summary>A place among one's own uploads, and one among all.</summary>
internal sealed class UploadPlace(IDisposable own, IDisposable shared) : IDisposable
{
    public void Dispose()
    {
        shared.Dispose();
        own.Dispose();
    }
}
