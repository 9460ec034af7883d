using System.Diagnostics;
using Explaino.Testing;

namespace Explaino.Trust.Tests.Rollout;

/// <summary>What stands before the gateways in production: sends requests to those whose <c>/health</c> answered 200 a moment ago, in turns.</summary>
internal sealed class Balancer(IReadOnlyList<ServiceProcess> gateways) : DelegatingHandler(new SocketsHttpHandler { UseCookies = false })
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    private readonly long[] _askedAt = new long[gateways.Count];
    private readonly bool[] _ready = new bool[gateways.Count];
    private int _turn;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var index = (Interlocked.Increment(ref _turn) & int.MaxValue) % gateways.Count;
        if (!await IsReadyAsync(index, cancellationToken))
        {
            index = (index + 1) % gateways.Count;
        }

        request.RequestUri = new Uri(gateways[index].Address, request.RequestUri!.PathAndQuery);
        return await base.SendAsync(request, cancellationToken);
    }

    private async Task<bool> IsReadyAsync(int index, CancellationToken cancellationToken)
    {
        if (Stopwatch.GetElapsedTime(_askedAt[index]) > Moment)
        {
            _askedAt[index] = Stopwatch.GetTimestamp();
            _ready[index] = await AnswersAsync(index, cancellationToken);
        }

        return _ready[index];
    }

    private async Task<bool> AnswersAsync(int index, CancellationToken cancellationToken)
    {
        try
        {
            using var probe = new HttpRequestMessage(HttpMethod.Get, new Uri(gateways[index].Address, "/health"));
            using var health = await base.SendAsync(probe, cancellationToken);
            return health.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
