using static Explaino.Security.Tests.Authorization.Rules;

namespace Explaino.Security.Tests.Authorization;

/// <summary>The gateway's own document.</summary>
internal static class ClientRows
{
    public static readonly Row[] All = [Row("GET /api/client", Anyone(200))];
}

/// <summary>What no OpenAPI document tells of: the gateway's own, the hub, and what must not be reachable.</summary>
internal static class GatewayRows
{
    public static readonly Row[] All =
    [
        Row("GET /", Anyone(302)),
        Row("GET /alive", Anyone(200)),
        Row("GET /health", Anyone(200)),
        Row("GET /docs/index.html", Anyone(200)),
        .. SecuritySystem.Documents.Select(name => Row($"GET /openapi/{name}.json", Anyone(200))),
        Row("GET /account/delete", Anyone(200)),
        Row("GET /internal/revoked-sessions", Anyone(404)),
        Row("GET /api/internal/revoked-sessions", Anyone(404)),
        Row("GET /internal/people?after=00000000-0000-0000-0000-000000000000", Anyone(404)),
        Row("GET /openapi/v1.json", Anyone(404)),
        Row("POST /hubs/chat/negotiate?negotiateVersion=1", User(200)),

        // Without an upgrade there is no connection, but it is known who asks.
        Row("GET /hubs/chat", User(400)),
    ];
}
