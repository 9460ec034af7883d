using System.Globalization;
using System.Net;
using Explaino.Testing;

namespace Explaino.Trust.Tests.NewService;

/// <summary>What <c>./dev new-service</c> writes is a service: in a copy of the checkout it is built, run with the others, called, and held against every document.</summary>
public sealed class NewServiceTests
{
    [Fact]
    public async Task A_new_service_serves_behind_the_gateway_and_passes_every_check()
    {
        using var copy = await TreeCopy.CreateAsync();
        await copy.DevAsync("new-service", "Badge");
        await BuildAsync(copy);

        await ServesAsync(copy);
        await PassesAsync(copy, "BadgeService.Tests", "FullyQualifiedName~BadgeService");
        await PassesAsync(copy, "Deployment.Tests", "FullyQualifiedName!~BackupTests&FullyQualifiedName!~NewServiceTests&FullyQualifiedName!~RollOutTests&FullyQualifiedName!~MigrationTests");
        await PassesAsync(copy, "Security.Tests", "FullyQualifiedName~ContractTests|FullyQualifiedName~Every_operation_has_a_row");
        await PassesAsync(copy, "Gateway.Tests", "FullyQualifiedName~Each_service_document|FullyQualifiedName~The_documentation_shows_every_service");
    }

    /// <summary>Only what is new, or knows which services there are.</summary>
    private static async Task BuildAsync(TreeCopy copy)
    {
        await copy.TakeBuiltAsync([
            .. Service.All.Select(service => service.Project), "ServiceData", "ServiceDefaults", "ServiceFiles", "ServiceMedia", "Testing", "Demo", "Gateway.Tests", "Security.Tests",
        ]);
        File.Copy(copy.PathTo("src", "Gateway", "appsettings.json"), Path.Combine(Path.GetDirectoryName(copy.AssemblyOf("Gateway"))!, "appsettings.json"), overwrite: true);
        File.CreateSymbolicLink(
            copy.PathTo("tests", "Deployment.Tests", "validators", "node_modules"),
            await NpmPackages.InstallAsync("tests", "Deployment.Tests", "validators"));
        foreach (var project in (string[])["src/BadgeService", "src/AppHost", "tests/BadgeService.Tests", "tests/Deployment.Tests", "tests/Security.Tests"])
        {
            await copy.BuildAsync(project);
        }
    }

    private static async Task ServesAsync(TreeCopy copy)
    {
        var (port, inner) = (FreePorts.Find(1), FreePorts.Find(60));
        using var appHost = await copy.StartAsync(
            "AppHost", "--Servers=processes", "--Dashboard=false", $"--State={copy.PathTo(".explaino")}",
            $"--Port={port.ToString(CultureInfo.InvariantCulture)}", $"--InnerPort={inner.ToString(CultureInfo.InvariantCulture)}");
        try
        {
            using var gateway = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}") };
            var users = new Users(gateway);
            await Eventually.TrueAsync(async () => appHost.HasExited || await AnswersAsync(gateway, "/openapi/badge.json"), TimeSpan.FromMinutes(3));
            var ada = await users.RegisterAsync();

            var badge = await Eventually.GetAsync(
                async () =>
                {
                    using var answer = await ada.Client.GetAsync("/api/badges/me");
                    return answer.StatusCode == HttpStatusCode.OK ? await answer.ReadObjectAsync() : null;
                },
                TimeSpan.FromSeconds(30));
            using var refused = await gateway.GetAsync("/api/badges/me");

            Assert.Equal(ada.Id.ToString(), (string?)badge["user_id"]);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }
        finally
        {
            await Command.RunAsync("kill", ["-TERM", appHost.Id.ToString(CultureInfo.InvariantCulture)]);
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            await appHost.WaitForExitAsync(limit.Token);
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient gateway, string path)
    {
        try
        {
            using var answer = await gateway.GetAsync(path);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>On the servers that all tests share.</summary>
    private static async Task PassesAsync(TreeCopy copy, string project, string filter)
    {
        var (postgres, rabbitMq) = (await PostgresServer.SharedAsync(), await RabbitMqServer.SharedAsync());
        await Command.RunAsync(
            ServiceProcess.Dotnet, ["test", copy.AssemblyOf(project), "--nologo", "--filter", filter],
            new Dictionary<string, string?>
            {
                ["TEST_POSTGRES"] = postgres.ConnectionString,
                ["TEST_RABBITMQ"] = rabbitMq.Address.AbsoluteUri,
                ["TEST_RABBITMQ_MANAGEMENT"] = rabbitMq.Management.BaseAddress!.AbsoluteUri,
            },
            Path.GetDirectoryName(copy.AssemblyOf(project)));
    }

    private sealed class Users(HttpClient gateway) : GatewayUsers
    {
        public override HttpClient Gateway => gateway;
    }
}
