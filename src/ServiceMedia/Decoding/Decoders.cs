using System.Collections.Concurrent;
using Explaino.ServiceDefaults.Errors;
using Microsoft.Extensions.Logging;

namespace Explaino.ServiceMedia.Decoding;

/// <summary>Worker pool of decoders: as many as pictures are decoded at a time, each kept for the next picture, for a minute, and for a hundred of them.</summary>
internal sealed class Decoders : IDisposable
{
    private const int MaximumServed = 100;

    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    private readonly DecoderSettings _settings;
    private readonly TimeProvider _clock;
    private readonly ILogger<Decoders> _logger;
    private readonly SemaphoreSlim _places;
    private readonly ConcurrentStack<(Decoder Decoder, long Since)> _idle = new();
    private readonly ITimer _sweep;

    public Decoders(DecoderSettings settings, TimeProvider clock, ILogger<Decoders> logger)
    {
        (_settings, _clock, _logger) = (settings, clock, logger);
        _places = new(settings.Processes);
        _sweep = clock.CreateTimer(_ => EndIdle(Idle), null, Idle, Idle);
    }

    /// <summary>A place among those who decode, to be disposed of.</summary>
    /// <exception cref="DependencyUnavailableException">All are taken for longer than one waits.</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken) =>
        await _places.WaitAsync(_settings.Patience, cancellationToken)
            ? new Place(_places)
            : throw new DependencyUnavailableException("Too many pictures are waiting to be decoded.");

    /// <summary>Renders a picture; the caller holds a place.</summary>
    /// <returns>Null for a picture that no decoder survives, or not within its limits.</returns>
    public async Task<(RenderResponse Response, byte[] Bytes)?> RenderAsync(
        PictureFormat format, int longestSide, bool withPlaceholder, Stream file, CancellationToken cancellationToken)
    {
        var request = new RenderRequest(format, longestSide, _settings.Seconds, withPlaceholder, (int)(file.Length - file.Position));
        var start = file.Position;
        while (true)
        {
            var decoder = _idle.TryPop(out var kept) ? kept.Decoder : await Decoder.StartAsync(_settings, cancellationToken);
            var isNew = decoder.Served == 0;
            var rendered = default((RenderResponse, byte[])?);
            try
            {
                rendered = await decoder.RenderAsync(request, file, _settings.Patience, cancellationToken);
            }
            finally
            {
                Return(decoder, isSound: rendered is not null);
            }

            if (rendered is not null)
            {
                return rendered;
            }

            _logger.LogWarning("A decoder ended over a picture of {Length} bytes", request.Length);
            if (isNew)
            {
                return null;
            }

            // What earlier pictures left behind may have been the cause: once more, in a process of its own.
            file.Position = start;
        }
    }

    public void Dispose()
    {
        _sweep.Dispose();
        EndIdle(TimeSpan.Zero);
        _places.Dispose();
    }

    private void Return(Decoder decoder, bool isSound)
    {
        if (isSound && decoder.Served < MaximumServed)
        {
            _idle.Push((decoder, _clock.GetTimestamp()));
        }
        else
        {
            decoder.Dispose();
        }
    }

    private void EndIdle(TimeSpan idle)
    {
        var all = new (Decoder Decoder, long Since)[_settings.Processes];
        var count = _idle.TryPopRange(all);
        foreach (var kept in all[..count])
        {
            if (_clock.GetElapsedTime(kept.Since) >= idle)
            {
                kept.Decoder.Dispose();
            }
            else
            {
                _idle.Push(kept);
            }
        }
    }

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                places.Release();
            }
        }
    }
}
