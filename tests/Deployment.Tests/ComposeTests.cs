namespace Explaino.Deployment.Tests;

public sealed class ComposeTests
{
    private static readonly Lazy<Task<Checked>> File = new(async () =>
        await Validators.CheckAsync("compose", await System.IO.File.ReadAllTextAsync(Repository.PathTo("deploy", "compose.yaml"))));

    [Fact]
    public async Task The_file_follows_the_schema_and_the_rules()
    {
        var file = await File.Value;

        Assert.Empty(file.Faults);
        Assert.Empty(ComposeRules.Faults(file.Documents[0]));
    }

    [Theory]
    [InlineData("Terms__Version")]
    [InlineData("Terms__Url")]
    [InlineData("Registration__VerifiedToWrite")]
    [InlineData("Moderation__Mode")]
    [InlineData("Moderation__Terms")]
    public async Task What_several_services_must_agree_on_they_are_told_alike(string setting)
    {
        var services = (await File.Value).Documents[0]["services"]!.AsObject();

        var told = Service.All.Select(service => services[service.Name].Text($"/environment/{setting}")).Distinct().ToList();

        Assert.NotNull(Assert.Single(told));
    }

    [Fact]
    public async Task A_member_that_compose_does_not_know_is_found()
    {
        var broken = (await File.Value).Documents[0].DeepClone().AsObject();
        broken.Set("/services/wallet/read_onli", "true");

        var file = await Validators.CheckAsync("compose", broken.ToJsonString());

        Assert.Contains(file.Faults, fault => fault.Contains("read_onli", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/services/postgres/ports", """["5432:5432"]""", "postgres: publishes a port")]
    [InlineData("/services/gateway/ports/0", "\"${PUBLIC_PORT:-8080}:8080\"", "gateway: publishes plain HTTP beyond this machine")]
    [InlineData("/services/gateway/ports/0", "\"0.0.0.0:8080:8080\"", "gateway: publishes plain HTTP beyond this machine")]
    [InlineData("/services/gateway/environment/ForwardedHeaders__KnownNetworks__0", null, "gateway: knows no proxy")]
    [InlineData("/services/rabbitmq/user", null, "rabbitmq: runs as root")]
    [InlineData("/services/wallet/cap_drop", null, "wallet: may gain privileges")]
    [InlineData("/services/chat/mem_limit", null, "chat: has no memory limit")]
    [InlineData("/services/rabbitmq/logging", null, "rabbitmq: keeps its log without end")]
    [InlineData("/services/wallet/logging/options/max-size", null, "wallet: keeps its log without end")]
    [InlineData("/services/gateway/networks/0", "\"data\"", "gateway: reaches the databases")]
    [InlineData("/services/postgres/networks", """["data", "edge"]""", "postgres: is on a network of others")]
    [InlineData("/services/wallet/environment/ConnectionStrings__walletdb", "\"Password=x\"", "wallet: has the secret ConnectionStrings__walletdb in its environment")]
    [InlineData("/services/identity/environment/Mail__Password", "\"x\"", "identity: has the secret Mail__Password in its environment")]
    [InlineData("/secrets/keys", null, "identity: wants a secret that is not declared")]
    [InlineData("/services/jobs/read_only", "false", "jobs: can write to its image")]
    [InlineData("/services/jobs/tmpfs/0", "\"/tmp\"", "jobs: has no room for its uploads")]
    [InlineData("/services/jobs/tmpfs/0", "\"/tmp:size=40m\"", "jobs: has no room for its uploads")]
    [InlineData("/services/jobs/mem_limit", "\"512m\"", "jobs: has no room for its uploads")]
    [InlineData("/services/jobs/volumes", null, "jobs: does not keep files as the catalogue says")]
    [InlineData("/services/jobs/user", "\"1000\"", "jobs: does not run as the image's user")]
    [InlineData("/services/jobs/healthcheck", null, "jobs: is not asked for its health")]
    [InlineData("/services/jobs/restart", null, "jobs: is not restarted")]
    [InlineData("/services/chat/image", "\"explaino/chat:latest\"", "chat: has no version of its own")]
    [InlineData("/networks/data/internal", "false", "wallet: is on a network that is open to outside")]
    [InlineData("/services/chat-migrations/command/0", "\"serve\"", "chat: has no migrations of the same image")]
    [InlineData("/services/chat/depends_on", null, "chat: does not wait for its migrations")]
    [InlineData("/services/chat/secrets/0/source", "\"chatdb_owner\"", "chat: does not serve as the role that may change rows only")]
    [InlineData("/services/chat-migrations/secrets/0/source", "\"chatdb\"", "chat: does not migrate as the owner")]
    public async Task A_broken_promise_is_found(string path, string? value, string fault)
    {
        var broken = (await File.Value).Documents[0].DeepClone().AsObject();
        broken.Set(path, value);

        Assert.Contains(fault, ComposeRules.Faults(broken));
    }
}
