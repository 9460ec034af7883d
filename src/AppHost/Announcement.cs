using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Explaino.AppHost;

/// <summary>Says on the terminal when everything is healthy, and where it is.</summary>
internal sealed class Announcement(
    ResourceNotificationService notifications, DistributedApplicationModel model, RunSettings run, StateFolder state, IConfiguration configuration,
    TimeProvider clock) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var services = model.Resources.OfType<ProjectResource>().Where(service => !service.HasAnnotationOfType<ExplicitStartupAnnotation>());
        await Task.WhenAll(services.Select(service => notifications.WaitForResourceHealthyAsync(service.Name, stoppingToken)));
        // For ./dev screenshots; whoever reads it may use the dashboard.
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using (var file = new FileStream(state.LoginFile, options))
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(Dashboard), stoppingToken);
        }

        Console.WriteLine($"""

            Explaino runs ({Age.TotalSeconds:F1} s)

              gateway     {run.PublicAddress}
              docs        {run.PublicAddress}/docs
              web client  {WebClient}
              dashboard   {Dashboard}
              admin       admin@explaino.local / Admin-Passw0rd!
              mail        {state.Folder("mail")}

            Ctrl+C stops everything.
            """);
    }

    private string WebClient => Directory.Exists(Binaries.WebClient(configuration["AppHost:Directory"]!)) ? $"{run.PublicAddress}/app" : "not built: it needs node and npm";

    private TimeSpan Age
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return clock.GetLocalNow() - process.StartTime;
        }
    }

    private string Dashboard => configuration["ASPNETCORE_URLS"] is { } address ? $"{address}/login?t={configuration["AppHost:BrowserToken"]}" : "none";
}
