using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Explaino.AppHost;

/// <summary>
/// What one run is told, on the command line or by variables of these names: <c>--Port=8180</c>, <c>--Servers=processes</c>,
/// <c>--Only=wallet</c>, <c>--Replicas=chat=2,jobs=3</c>, <c>--Dashboard=false</c>, <c>--State=&lt;folder&gt;</c>.
/// </summary>
internal sealed class RunSettings
{
    private readonly IConfiguration _settings;
    private readonly string[] _args;
    private readonly Dictionary<string, int> _replicas;

    public RunSettings(string[] args)
    {
        _args = args;
        _settings = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        _replicas = (_settings["Replicas"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => int.Parse(pair[1], CultureInfo.InvariantCulture));
        Port = _settings.GetValue("Port", 8080);
        FirstInnerPort = _settings.GetValue("InnerPort", Port + 10_000);
    }

    /// <summary>Where databases, messages, mail and files are; <c>.explaino</c> of this clone by default.</summary>
    public string? State => _settings["State"];

    /// <summary>The gateway's.</summary>
    public int Port { get; }

    public string PublicAddress => $"http://localhost:{Port}";

    /// <summary>All other ports follow from this one, so that clones with different gateway ports run side by side.</summary>
    private int FirstInnerPort { get; }

    public int Postgres => FirstInnerPort + 10;

    /// <summary>AMQP; distribution, the port mapper and the management site are on the three after it.</summary>
    public int RabbitMq => FirstInnerPort + 20;

    public int RabbitMqManagement => RabbitMq + 3;

    /// <summary><c>containers</c>, <c>processes</c> or <c>external</c>; null if the machine decides.</summary>
    public string? Servers => _settings["Servers"];

    /// <summary>Whether the service starts with the others; else it waits for somebody to click on Start.</summary>
    public bool Starts(string service) => _settings["Only"] is not { Length: > 0 } only || only == service || service is "identity" or "gateway";

    public int Replicas(string service) => _replicas.GetValueOrDefault(service, 1);

    public int PortOf(int index) => FirstInnerPort + index;

    public DistributedApplicationOptions ForAspire()
    {
        var dashboard = _settings.GetValue("Dashboard", true);
        string[] addresses = dashboard
            ? [
                $"--ASPNETCORE_URLS=http://localhost:{FirstInnerPort + 30}",
                $"--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://localhost:{FirstInnerPort + 31}",
                $"--ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL=http://localhost:{FirstInnerPort + 33}",
            ]
            : [];
        return new()
        {
            Args = [$"--contentRoot={AppContext.BaseDirectory}", .. _args, .. addresses],
            DisableDashboard = !dashboard,
            EnableResourceLogging = !dashboard, // Without it the logs would be nowhere.
            DashboardApplicationName = "Explaino",
            AllowUnsecuredTransport = true, // Nobody else reaches loopback.
        };
    }
}
