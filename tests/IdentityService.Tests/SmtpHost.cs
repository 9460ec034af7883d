using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

/// <summary>IdentityService with cheap passwords that mails through an SMTP server.</summary>
internal sealed class SmtpHost(SmtpServer server, TestClock clock, params (string Name, string? Value)[] settings)
    : ServiceHost<Program>(Service.Identity, Settings(server, settings), clock)
{
    /// <summary>Somebody new asks for a code to reset the password.</summary>
    /// <returns>The address.</returns>
    public async Task<string> AskForCodeAsync() => await AskForCodeAsync(IdentityHost.NewRegistration());

    public async Task<string> AskForCodeAsync(JsonObject registration)
    {
        using var client = Anonymous();
        using var registered = await client.PostAsJsonAsync("/api/auth/register", registration);
        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        var email = (string)registration["email"]!;
        await AskForCodeAsync(email);
        return email;
    }

    public async Task AskForCodeAsync(string email)
    {
        using var client = Anonymous();
        using var asked = await client.PostAsJsonAsync("/api/auth/password/forgot", new { email });
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
    }

    public static Dictionary<string, string?> Settings(SmtpServer server, params (string Name, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["Passwords:MemorySize"] = "64",
            ["Mail:Mode"] = "smtp",
            ["Mail:Host"] = "localhost",
            ["Mail:Port"] = $"{server.Port}",
            ["Mail:From"] = "Explaino <hello@explaino.example>",
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return all;
    }
}
