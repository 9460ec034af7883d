using System.Net;
using System.Net.Http.Headers;

namespace Explaino.Client;

/// <summary>Sends with the access token, and once more with a newer one; a POST that takes an idempotency key has one, the same in all tries.</summary>
internal sealed class SessionHandler(Session session, HttpMessageHandler next) : DelegatingHandler(next)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Repetition.TakesKey(request) && !request.Headers.Contains(Repetition.Key))
        {
            request.Headers.Add(Repetition.Key, Guid.CreateVersion7().ToString());
        }

        var token = await session.AccessTokenAsync(cancellationToken);
        var response = await SendAsync(request, token, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized || token is null || await session.RefreshAsync(token, cancellationToken) is not { } renewed)
        {
            return response;
        }

        response.Dispose();
        return await SendAsync(request, renewed.AccessToken, cancellationToken);
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string? token, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return base.SendAsync(request, cancellationToken);
    }
}
