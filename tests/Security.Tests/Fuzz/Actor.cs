using System.Collections.Concurrent;
using System.Net;
using Explaino.Testing;

namespace Explaino.Security.Tests.Fuzz;

/// <summary>Somebody who sends nonsense, and remembers what came into being by it: the more is known, the deeper the next request gets.</summary>
internal sealed class Actor(SecuritySystem system)
{
    private const int Memory = 200;

    private readonly ConcurrentQueue<Dictionary<string, string>> _things = new();
    private readonly SemaphoreSlim _renewing = new(1, 1);
    private Member? _member;

    public string Token => _member!.AccessToken();

    public Guid Id => _member!.Id;

    public string Email => _member!.Email;

    public async Task EnterAsync() => _member = await system.RegisterAsync();

    /// <summary>Deleted itself, logged out, or changed its password: somebody else takes over.</summary>
    public async Task RenewAsync(string refusedToken)
    {
        await _renewing.WaitAsync();
        try
        {
            if (Token == refusedToken && (await Door(refusedToken)) == HttpStatusCode.Unauthorized)
            {
                await EnterAsync();
            }
        }
        finally
        {
            _renewing.Release();
        }
    }

    /// <summary>Each id by the segment before it: <c>/api/jobs/1/comments/2</c> is jobs 1, comments 2.</summary>
    public void Remember(string path)
    {
        var parts = path.Split('?')[0].Split('/');
        var thing = Enumerable.Range(1, parts.Length - 1).Where(index => Guid.TryParse(parts[index], out _)).ToDictionary(index => parts[index - 1], index => parts[index]);
        if (thing.Count > 0)
        {
            _things.Enqueue(thing);
            if (_things.Count > Memory)
            {
                _things.TryDequeue(out _);
            }
        }
    }

    /// <summary>Something that has ids for all these segments, if there is such a thing.</summary>
    public Dictionary<string, string>? Recall(IReadOnlyCollection<string> segments, Random random)
    {
        var fitting = _things.Where(thing => segments.All(thing.ContainsKey)).ToList();
        return fitting.Count == 0 ? null : fitting[random.Next(fitting.Count)];
    }

    private async Task<HttpStatusCode> Door(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/users/me");
        request.Headers.Authorization = new("Bearer", token);
        using var response = await system.Gateway.SendAsync(request);
        return response.StatusCode;
    }
}
