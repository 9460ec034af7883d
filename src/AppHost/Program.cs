using Explaino.AppHost;

var run = new RunSettings(args);
var builder = DistributedApplication.CreateBuilder(run.ForAspire());
var state = builder.AddStateFolder(run);
var servers = Servers.Add(builder, run, state);
var services = new Services(builder, run, state, servers);
var keyEncryption = builder.AddParameter("key-encryption-key", secret: true);
var adminPassword = builder.AddParameter("admin-password", secret: true);

var identity = services.Add<Projects.IdentityService>()
    .WithEnvironment("Keys__EncryptionKey", keyEncryption)
    .WithEnvironment("Admin__Password", adminPassword)
    .WithMailFolder(state)
    .WithFailedMessages()
    .WithEventsSetAside()
    .WithVerb("rotate-keys", "Rotate signing keys", "Key", "Let a new key sign access tokens from now on?");

var wallet = services.Add<Projects.WalletService>()
    .WithReference(identity).WaitFor(identity)
    .WithFailedMessages()
    .WithEventsSetAside()
    .WithCopiesOfPeople()
    .WithVerb("verify", "Verify the books", "CheckmarkCircle");

var profile = services.Add<Projects.ProfileService>()
    .WithReference(identity).WaitFor(identity)
    .WithFailedMessages()
    .WithEventsSetAside()
    .WithCopiesOfPeople();

var jobs = services.Add<Projects.JobBoardService>()
    .WithReference(identity).WaitFor(identity)
    .WithFailedMessages()
    .WithEventsSetAside()
    .WithCopiesOfPeople();

var chat = services.Add<Projects.ChatService>()
    .WithReference(identity).WaitFor(identity)
    .WithFailedMessages()
    .WithEventsSetAside()
    .WithCopiesOfPeople();

services.AddGateway<Projects.Gateway>("gateway")
    .WithDemoPeople(run)
    .WithReference(identity).WaitFor(identity)
    .WithReference(wallet)
    .WithReference(profile)
    .WithReference(jobs)
    .WithReference(chat);

return await builder.RunAsync();
