using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Explaino.Gateway.Tests;

/// <summary>The gateway inside the test process, for what cannot be seen or changed from outside; its settings are a file that a test can rewrite.</summary>
internal sealed class GatewayInProcess : WebApplicationFactory<Program>
{
    private readonly string _settings = Path.Combine(Path.GetTempPath(), $"explaino-gateway-{Guid.CreateVersion7():n}.json");

    private readonly string _environment;

    public GatewayInProcess(params (string Key, string Value)[] settings)
        : this("Development", settings)
    {
    }

    public GatewayInProcess(string environment, params (string Key, string Value)[] settings)
    {
        _environment = environment;
        Write(settings);
        UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        StartServer();
    }

    public Uri Address => ClientOptions.BaseAddress;

    public void Write(params (string Key, string Value)[] settings) =>
        File.WriteAllText(_settings, JsonSerializer.Serialize(settings.ToDictionary(setting => setting.Key, setting => setting.Value)));

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(_environment);
        builder.UseSetting("Authentication:Issuer", "http://localhost:8080"); // Only in Development there is a default.
        builder.ConfigureLogging(logging => logging.ClearProviders());
        builder.ConfigureAppConfiguration(configuration => configuration.AddJsonFile(_settings, optional: false, reloadOnChange: true));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        File.Delete(_settings);
    }
}
