using Explaino.ChatService.Messages;
using Explaino.ChatService.Presence;
using Explaino.ServiceDefaults.Authentication;
using Microsoft.AspNetCore.Http.Features;

namespace Explaino.ChatService.Hub;

/// <summary>
/// Handshake of the hub: what happens before SignalR sees a request. Negotiation is answered without state and the id it gave is ignored, so that any instance takes any connection
/// (docs/adr/0018); the connection is counted among its user's; and where the user's conversations stand is read before the handshake is answered, so that between what a client then asks of REST and what it is
/// given here nothing is missing (docs/adr/0009).
/// </summary>
internal static class HubHandshake
{
    public const string Path = "/hubs/chat";

    private static readonly object Transports = new[] { new { transport = "WebSockets", transferFormats = new[] { "Text", "Binary" } } };

    public static void UseHubHandshake(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (http.Request.Path.StartsWithSegments(Path, out var rest) && http.User.Identity?.IsAuthenticated == true)
        {
            if (rest == "/negotiate")
            {
                var id = Guid.CreateVersion7();
                await http.Response.WriteAsJsonAsync(new { negotiateVersion = 1, connectionId = id, connectionToken = id, availableTransports = Transports }, PlainJson);
                return;
            }

            if (http.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest != true && http.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect != true)
            {
                await next(http);
                return;
            }

            await LetInAsync(http, next);
            return;
        }

        await next(http);
    });

    private static async Task LetInAsync(HttpContext http, RequestDelegate next)
    {
        var registry = http.RequestServices.GetRequiredService<ConnectionRegistry>();
        var connectionId = Guid.CreateVersion7();
        try
        {
            http.RequestServices.GetRequiredService<Connections>().Close(await registry.AdmitAsync(connectionId, http.User.Id(), http.User.SessionId()));
            var heads = await http.RequestServices.GetRequiredService<MessageStatements>().HeadsAsync(http.User.Id(), http.RequestAborted);
            if (heads is null)
            {
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }

            http.Features.Set(new Start(connectionId, heads, http.Request.Query["lean"] == "true"));
            http.Request.QueryString = QueryString.Create(http.Request.Query.Where(parameter => parameter.Key != "id"));

            // As long as the connection lasts.
            await next(http);
        }
        finally
        {
            await registry.ReleaseAsync(connectionId);
        }
    }

    // SignalR's own names, not ours.
    private static readonly System.Text.Json.JsonSerializerOptions PlainJson = new();

    /// <summary>Where the user's conversations stood before the connection was there.</summary>
    internal sealed record Start(Guid ConnectionId, IReadOnlyList<Head> Heads, bool IsLean);
}
