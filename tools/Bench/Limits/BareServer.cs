using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Explaino.Bench.Limits;

/// <summary>An endpoint that does nothing but answer, of about the length of a user: what is left is Kestrel, and the gateway before it.</summary>
internal static class BareServer
{
    private static readonly byte[] Answer =
        """{"id":"01900000-0000-7000-8000-100000000001","email":"bench1@explaino.test","username":"bench1000001","first_name":"First1","last_name":"Last1","phone_number":null,"bio":"Explains things, number 1 of many.","profile_image":null,"email_verified":true,"roles":[],"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z"}"""u8.ToArray();

    public static Task RunAsync(string address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/health", () => "Healthy");
        app.MapGet("/bare/me", (HttpContext http) =>
        {
            http.Response.ContentType = "application/json; charset=utf-8";
            return http.Response.Body.WriteAsync(Answer).AsTask();
        });
        return app.RunAsync(address);
    }
}
