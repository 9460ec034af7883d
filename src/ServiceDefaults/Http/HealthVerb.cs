using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Explaino.ServiceDefaults.Http;

/// <summary>The verb <c>health</c>, for container engines: an image without a shell has nothing else that could ask.</summary>
internal static class HealthVerb
{
    public static void AddHealthVerb(this IServiceCollection services) =>
        services.AddServiceCommand("health", "Ask the instance that serves on this machine for its health.", RunAsync);

    private static async Task<int> RunAsync(IServiceProvider services, string[] arguments, CancellationToken cancellationToken)
    {
        var address = Address(services.GetRequiredService<IConfiguration>());
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(4) };
        try
        {
            using var response = await client.GetAsync(new Uri(address, "/health"), cancellationToken);
            Console.WriteLine(await response.Content.ReadAsStringAsync(cancellationToken));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"{address}: {e.Message}");
            return 1;
        }
    }

    /// <summary>Where this configuration makes a process listen, the first address if there are several; any of its own is reached by loopback.</summary>
    private static Uri Address(IConfiguration configuration)
    {
        if (configuration["URLS"]?.Split(';', 2)[0] is { Length: > 0 } url)
        {
            var address = BindingAddress.Parse(url);
            return new UriBuilder(address.Scheme, address.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "localhost" : address.Host, address.Port).Uri;
        }

        var port = configuration["HTTP_PORTS"]?.Split(';', 2)[0] is { Length: > 0 } ports ? ports : "8080";
        return new UriBuilder("http", "localhost", int.Parse(port, CultureInfo.InvariantCulture)).Uri;
    }
}
