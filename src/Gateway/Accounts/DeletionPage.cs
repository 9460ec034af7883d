using System.Net;
using Explaino.Gateway.Clients;
using Explaino.ServiceDefaults.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Explaino.Gateway.Accounts;

/// <summary>
/// <c>/account/delete</c>: account deletion from the web, as Google Play demands it. Two forms and no script: the address, then the mailed code. Nothing
/// is remembered between them and no cookie is set, so that a forged request can do no more than whoever forges it could.
/// </summary>
internal static class DeletionPage
{
    private const string Path = "/account/delete";

    public static void AddDeletionPage(this WebApplicationBuilder builder) => builder.Services.AddServiceClient<AccountDeletion>("identity");

    public static void MapDeletionPage(this WebApplication app)
    {
        app.MapGet(Path, (HttpContext http) => ShowAsync(http, StatusCodes.Status200OK, DeletionHtml.AskForAddress())).AllowAnonymous().ExcludeFromDescription();
        app.MapPost(Path, ContinueAsync).AllowAnonymous().ExcludeFromDescription().RequireRateLimiting(RateLimiting.CodesPolicy);
    }

    private static async Task ContinueAsync(HttpContext http, AccountDeletion deletion)
    {
        if (await ReadAsync(http) is not { } form)
        {
            await ShowAsync(http, StatusCodes.Status400BadRequest, DeletionHtml.AskForAddress("Please fill in the form."));
            return;
        }

        var (email, code) = (form.GetValueOrDefault("email").ToString().Trim(), form.GetValueOrDefault("code").ToString().Trim());
        var (status, page) = code.Length == 0
            ? await deletion.RequestAsync(email, http) switch
            {
                HttpStatusCode.Accepted => (StatusCodes.Status200OK, DeletionHtml.AskForCode(email)),
                HttpStatusCode.BadRequest => (StatusCodes.Status400BadRequest, DeletionHtml.AskForAddress("That is not an e-mail address.")),
                var other => Unavailable(other),
            }
            : await deletion.ConfirmAsync(email, code, http) switch
            {
                HttpStatusCode.NoContent => (StatusCodes.Status200OK, DeletionHtml.Deleted()),
                HttpStatusCode.BadRequest => (StatusCodes.Status400BadRequest, DeletionHtml.AskForCode(email, "The code is wrong or has expired.")),
                HttpStatusCode.Conflict => (StatusCodes.Status409Conflict, DeletionHtml.AskForCode(email, "You are the last administrator: make somebody else one first.")),
                var other => Unavailable(other),
            };
        await ShowAsync(http, status, page);
    }

    private static (int, string) Unavailable(HttpStatusCode status) => status == HttpStatusCode.TooManyRequests
        ? (StatusCodes.Status429TooManyRequests, DeletionHtml.AskForAddress("Too many tries. Please wait a while."))
        : (StatusCodes.Status503ServiceUnavailable, DeletionHtml.AskForAddress("This does not work at the moment. Please try again later."));

    /// <summary>Two short fields, and nothing of a file.</summary>
    private static async Task<Dictionary<string, StringValues>?> ReadAsync(HttpContext http)
    {
        if (http.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
        {
            return null;
        }

        try
        {
            return await new FormPipeReader(http.Request.BodyReader) { KeyLengthLimit = 100, ValueLengthLimit = 1_000, ValueCountLimit = 10 }
                .ReadFormAsync(http.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }

    private static Task ShowAsync(HttpContext http, int status, string page)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.ContentSecurityPolicy = DeletionHtml.ContentSecurityPolicy;
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(page, http.RequestAborted);
    }
}
