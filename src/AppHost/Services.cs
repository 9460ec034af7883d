namespace Explaino.AppHost;

/// <summary>How a service's project becomes resources: its migrations as a step, then its instances, each started from what was built.</summary>
internal sealed class Services(IDistributedApplicationBuilder builder, RunSettings run, StateFolder state, Servers servers)
{
    private readonly Dictionary<string, CatalogueLine> _catalogue =
        Catalogue.Read(Path.GetFullPath("../../deploy/services", builder.AppHostDirectory)).ToDictionary(line => line.Project);

    private int _count;

    /// <summary>
    /// A service with a database of its own, by the names of the catalogue. It serves as a role that reads and writes rows; its migrations run before,
    /// as the owner of the schema.
    /// </summary>
    public IResourceBuilder<ProjectResource> Add<TProject>() where TProject : IProjectMetadata, new()
    {
        var (name, _, database, _) = _catalogue[typeof(TProject).Name];
        var itsDatabase = servers.AddDatabase(database);
        var service = AddProject<TProject>(name, run.PortOf(++_count))
            .WithReference(itsDatabase.Serving)
            .WithReference(servers.Broker)
            .WithUrlForEndpoint("http", _ => new() { Url = "/openapi/v1.json", DisplayText = "API document" });

        var (folder, assembly) = Binaries.Of<TProject>(builder);
        var migrations = builder.AddExecutable($"{name}-migrations", "dotnet", folder, assembly, "migrate")
            .WithEnvironment($"ConnectionStrings__{database}db", itsDatabase.Owner)
            .WithSettings(builder, run, state)
            .WithOtlpExporter()
            .WithIconName("DatabaseArrowUp")
            .WithParentRelationship(service)
            .WithAnnotation(new MigrationsAnnotation())
            .StartsIf(run.Starts(name));
        servers.Await(migrations);

        return service.WaitFor(servers.Broker).WaitForCompletion(migrations);
    }

    /// <summary>The one address of the clients, and the issuer of every token.</summary>
    public IResourceBuilder<ProjectResource> AddGateway<TProject>(string name) where TProject : IProjectMetadata, new() =>
        AddProject<TProject>(name, run.Port)
            .WithExternalHttpEndpoints()
            .WithUrlForEndpoint("http", url => url.DisplayText = "API")
            .WithUrlForEndpoint("http", _ => new() { Url = "/docs", DisplayText = "Documentation" })
            .WithWebClient();

    // Outside an IDE, which starts and debugs the project itself, the binary: `dotnet run` around each would cost 70 MB and seconds.
    private IResourceBuilder<ProjectResource> AddProject<TProject>(string name, int port) where TProject : IProjectMetadata, new()
    {
        var (folder, assembly) = Binaries.Of<TProject>(builder);
        var replicas = run.Replicas(name);
        return builder.AddProject<TProject>(name)
            .WithAnnotation(new ExecutableAnnotation { Command = "dotnet", WorkingDirectory = folder })
            .WithArgs(args =>
            {
                if (string.IsNullOrEmpty(builder.Configuration["DEBUG_SESSION_PORT"]))
                {
                    args.Args.Insert(0, assembly);
                }
            })
            .WithoutHttpsCertificate() // Else the dashboard asks for a developer's certificate that nobody needs.
            .WithReplicas(replicas)
            // Several share an address only behind Aspire's own proxy; one needs none.
            .WithHttpEndpoint(port, isProxied: replicas > 1)
            .WithHttpHealthCheck("/health")
            .WithSettings(builder, run, state)
            .WithRestarts()
            .StartsIf(run.Starts(name));
    }
}

internal static class ServiceSettings
{
    /// <summary>What every process of a service is told, whether it serves or migrates.</summary>
    public static IResourceBuilder<T> WithSettings<T>(this IResourceBuilder<T> process, IDistributedApplicationBuilder builder, RunSettings run, StateFolder state)
        where T : IResourceWithEnvironment => process
        .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
        .WithEnvironment("Authentication__Issuer", run.PublicAddress)
        .WithEnvironment("Mail__PickupDirectory", state.Folder("mail"))
        .WithEnvironment("Push__Mode", "pickup")
        .WithEnvironment("Push__PickupDirectory", state.Folder("push"))
        .WithEnvironment("Storage__Folder", state.Folder("files"))
        // Query strings hold the tokens of the chat hub: Aspire would have them shown during development.
        .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "false")
        .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "false");

    public static IResourceBuilder<T> StartsIf<T>(this IResourceBuilder<T> resource, bool condition) where T : IResource =>
        condition ? resource : resource.WithExplicitStart();

    /// <summary>In development mails are files.</summary>
    public static IResourceBuilder<ProjectResource> WithMailFolder(this IResourceBuilder<ProjectResource> service, StateFolder state) =>
        service.WithUrl(new Uri(state.Folder("mail")).AbsoluteUri, "Mail folder");

    /// <summary>What people look at, where <c>./dev run</c> has built it.</summary>
    public static IResourceBuilder<ProjectResource> WithWebClient(this IResourceBuilder<ProjectResource> gateway)
    {
        var folder = Binaries.WebClient(gateway.ApplicationBuilder.AppHostDirectory);
        gateway.WithEnvironment("WebClient__Folder", folder);
        return Directory.Exists(folder) ? gateway.WithUrlForEndpoint("http", _ => new() { Url = "/app", DisplayText = "Web client" }) : gateway;
    }

    public static IResourceBuilder<ProjectResource> WithDemoPeople(this IResourceBuilder<ProjectResource> gateway, RunSettings run) =>
        gateway.WithCommandInRunMode(
            "demo", "Fill with demo people", "PeopleAdd", "Fill Explaino with 300 people and what they post, say and give each other? It takes a minute.",
            context => ResourceCommands.RunAsync(
                new("dotnet", [Binaries.AssemblyOf(gateway.ApplicationBuilder, "Demo"), "--port", $"{run.Port}"]), "Fill with demo people", context));
}
