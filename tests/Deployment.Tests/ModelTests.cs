using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting;

namespace Explaino.Deployment.Tests;

/// <summary>The picture that src/AppHost draws is the system that the documents describe.</summary>
public sealed class ModelTests
{
    [Theory]
    [InlineData("processes")]
    [InlineData("containers")]
    [InlineData("external")]
    public async Task Every_service_has_its_database_by_both_roles_the_broker_its_migrations_before_it_and_a_health_check(string servers)
    {
        var model = await AppHostModel.ReadAsync(servers);

        Assert.Equal(Service.All.Select(service => service.Name).Order(), model.Names<ProjectResource>());
        foreach (var service in Service.WithDatabase)
        {
            var serving = await model.SettingsAsync(service.Name);
            var migrating = await model.SettingsAsync($"{service.Name}-migrations");
            Assert.Equal($"{{{service.Database}db.connectionString}}", serving[$"ConnectionStrings__{service.Database}db"]);
            Assert.Contains(servers == "external" ? $"{service.Database}db-owner" : $"Username={service.Database}_owner", migrating[$"ConnectionStrings__{service.Database}db"], StringComparison.Ordinal);
            Assert.Equal("{messaging.connectionString}", serving["ConnectionStrings__messaging"]);
            Assert.Contains(($"{service.Name}-migrations", WaitType.WaitForCompletion), model.AwaitedBy(service.Name));
            Assert.Contains(model[service.Name].Annotations, annotation => annotation is HealthCheckAnnotation);
        }
    }

    [Theory]
    [InlineData("processes")]
    [InlineData("containers")]
    public async Task Databases_and_roles_are_made_before_the_migrations_and_belong_to_the_server(string servers)
    {
        var model = await AppHostModel.ReadAsync(servers);

        Assert.Contains(("postgres", WaitType.WaitUntilHealthy), model.AwaitedBy("databases"));
        Assert.All(Service.WithDatabase, service =>
        {
            Assert.Contains(("databases", WaitType.WaitForCompletion), model.AwaitedBy($"{service.Name}-migrations"));
            Assert.Equal("postgres", Assert.IsType<IResourceWithParent>(model[$"{service.Database}db"], exactMatch: false).Parent.Name);
        });
    }

    [Fact]
    public async Task Nobody_is_told_of_anothers_database()
    {
        var model = await AppHostModel.ReadAsync();

        foreach (var (service, other) in Service.All.SelectMany(_ => Service.WithDatabase, (service, other) => (service, other)).Where(pair => pair.service != pair.other))
        {
            Assert.DoesNotContain(await model.SettingsAsync(service.Name), setting =>
                setting.Key.Contains($"{other.Database}db", StringComparison.OrdinalIgnoreCase) || setting.Value.Contains($"{other.Database}db", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_gateway_knows_every_service_and_a_service_only_identity()
    {
        var model = await AppHostModel.ReadAsync();

        Assert.Equal(Service.WithDatabase.Select(service => service.Name).Order(), Peers(await model.SettingsAsync("gateway")));
        foreach (var service in Service.WithDatabase.Where(service => service != Service.Identity))
        {
            Assert.Equal(["identity"], Peers(await model.SettingsAsync(service.Name)));
        }

        Assert.Empty(Peers(await model.SettingsAsync("identity")));
    }

    [Fact]
    public async Task Of_one_service_only_what_it_needs_starts()
    {
        var model = await AppHostModel.ReadAsync("processes", "--only", "wallet");

        var started = model.Resources.Where(resource => resource is ProjectResource or ExecutableResource)
            .Where(resource => !resource.Annotations.OfType<ExplicitStartupAnnotation>().Any() && !resource.Name.EndsWith("-rebuilder", StringComparison.Ordinal))
            .Select(resource => resource.Name);

        Assert.Equal(["databases", "gateway", "identity", "identity-migrations", "messaging", "postgres", "wallet", "wallet-migrations"], started.Order());
    }

    [Fact]
    public async Task Several_instances_share_an_address_and_one_has_it_alone()
    {
        var model = await AppHostModel.ReadAsync("processes", "--replicas", "chat=2");

        Assert.Equal(2, model["chat"].Annotations.OfType<ReplicaAnnotation>().Last().Replicas);
        Assert.True(model["chat"].Annotations.OfType<EndpointAnnotation>().Single().IsProxied);
        Assert.False(model["jobs"].Annotations.OfType<EndpointAnnotation>().Single().IsProxied);
    }

    [Fact]
    public async Task An_unknown_form_of_the_servers_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<DistributedApplicationException>(() => AppHostModel.ReadAsync("clouds"));

        Assert.Contains("containers, processes, external", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task External_servers_are_reached_by_the_connection_strings_that_were_given()
    {
        var model = await AppHostModel.ReadAsync(
            "external", [.. Service.WithDatabase.SelectMany(service => new[] { $"{service.Database}db", $"{service.Database}db_owner" }).Select(name => $"--ConnectionStrings:{name}=Host={name}")]);

        foreach (var service in Service.WithDatabase)
        {
            Assert.Equal($"Host={service.Database}db", await ((IResourceWithConnectionString)model[$"{service.Database}db"]).GetConnectionStringAsync());
            Assert.Equal($"Host={service.Database}db_owner", await Assert.IsType<ParameterResource>(model[$"{service.Database}db-owner"]).GetValueAsync(CancellationToken.None));
        }
    }

    private static IEnumerable<string> Peers(Dictionary<string, string> settings) =>
        settings.Keys.Where(key => key.StartsWith("services__", StringComparison.Ordinal)).Select(key => key.Split("__")[1]).Distinct().Order();
}
