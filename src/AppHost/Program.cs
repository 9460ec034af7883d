using Explaino.AppHost;

var builder = DistributedApplication.CreateBuilder(args);

var infrastructure = new Infrastructure(builder);
var publicAddress = builder.AddParameter("public-address");
var keyEncryption = builder.AddParameter("key-encryption-key", secret: true);
var adminPassword = builder.AddParameter("admin-password", secret: true);

var identity = Add<Projects.IdentityService>("identity", "identity")
    .WithEnvironment("Keys__EncryptionKey", keyEncryption)
    .WithEnvironment("Admin__Password", adminPassword);
var wallet = Add<Projects.WalletService>("wallet", "wallet").WithReference(identity);
var profile = Add<Projects.ProfileService>("profile", "profile").WithReference(identity);
var jobs = Add<Projects.JobBoardService>("jobs", "jobboard").WithReference(identity);
var chat = Add<Projects.ChatService>("chat", "chat").WithReference(identity);

builder.AddProject<Projects.Gateway>("gateway")
    .WithReference(identity)
    .WithReference(wallet)
    .WithReference(profile)
    .WithReference(jobs)
    .WithReference(chat)
    .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
    .WithEnvironment("Authentication__Issuer", publicAddress)
    .WithHttpEndpoint(port: 8080)
    .WithHttpHealthCheck("/health")
    .WithExternalHttpEndpoints();

builder.Build().Run();

// A service: its migrations run first, then it serves; it needs its database and the broker, in no order that it could not stand itself.
IResourceBuilder<ProjectResource> Add<TProject>(string name, string databaseName) where TProject : IProjectMetadata, new()
{
    var database = infrastructure.Database(databaseName);

    var migrations = builder.AddProject<TProject>($"{name}-migrations")
        .WithArgs("migrate")
        .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
        .WithEnvironment("Authentication__Issuer", publicAddress)
        .WithReference(database)
        .WaitFor(database);

    return builder.AddProject<TProject>(name)
        .WithReference(database)
        .WithReference(infrastructure.Broker)
        .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
        .WithEnvironment("Authentication__Issuer", publicAddress)
        .WithHttpEndpoint()
        .WaitFor(infrastructure.Broker)
        .WaitForCompletion(migrations)
        .WithHttpHealthCheck("/health");
}
