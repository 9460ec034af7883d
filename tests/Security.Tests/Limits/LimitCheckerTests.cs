using Explaino.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Explaino.Security.Tests.Limits;

/// <summary>Who is to notice that a limit is missing notices a server that has none, and a service that falls over.</summary>
public sealed class LimitCheckerTests(SecuritySystem system)
{
    [Fact]
    public async Task Seeded_a_server_that_waits_without_end_is_noticed()
    {
        await using var server = await PatientServerAsync();
        var address = new Uri(server.Urls.Single());
        var patience = TimeSpan.FromSeconds(8);

        var waits = await Task.WhenAll(SlowClient.Headers.HoldAsync(address, connections: 5, patience), SlowClient.Body.HoldAsync(address, connections: 5, patience));

        Assert.All(waits, each => Assert.NotNull(SlowClient.Complaint(each, patience - TimeSpan.FromSeconds(1))));
    }

    [Fact]
    public async Task Seeded_a_service_that_falls_over_is_noticed()
    {
        await using var meanwhile = await LoadObserver.StartAsync(system);
        var service = system[Service.Profile];

        await service.KillAsync();
        await Eventually.TrueAsync(() => meanwhile.Failures > 0);
        await service.StartAsync();

        Assert.Contains(await meanwhile.ComplaintsAsync(), complaint => complaint.EndsWith("others failed.", StringComparison.Ordinal));
    }

    private static async Task<WebApplication> PatientServerAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromHours(1);
            kestrel.Limits.MinRequestBodyDataRate = null;
        });
        var server = builder.Build();
        server.Run(http => http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted));
        await server.StartAsync();
        return server;
    }
}
