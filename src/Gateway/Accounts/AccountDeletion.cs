using System.Net;

namespace Explaino.Gateway.Accounts;

/// <summary>What the page asks of IdentityService, in the name of the client's network, by which Identity counts codes and guesses.</summary>
internal sealed class AccountDeletion(HttpClient identity, ILogger<AccountDeletion> logger)
{
    public Task<HttpStatusCode> RequestAsync(string email, HttpContext http) => PostAsync("/api/auth/deletion/request", new { email }, http);

    public Task<HttpStatusCode> ConfirmAsync(string email, string code, HttpContext http) => PostAsync("/api/auth/deletion/confirm", new { email, code }, http);

    private async Task<HttpStatusCode> PostAsync(string path, object body, HttpContext http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Forwarded-For", http.Connection.RemoteIpAddress?.ToString());
        try
        {
            using var response = await identity.SendAsync(request, http.RequestAborted);
            return response.StatusCode;
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested)
        {
            logger.LogWarning(e, "IdentityService did not answer the page of account deletion");
            return HttpStatusCode.ServiceUnavailable;
        }
    }
}
