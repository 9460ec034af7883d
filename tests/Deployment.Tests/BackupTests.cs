using System.Globalization;
using Npgsql;

namespace Explaino.Deployment.Tests;

/// <summary>The scripts an operator would use, against a real server.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("explaino-backup-").FullName;
    private PostgresServer? _server;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartPrivateAsync();
        (await Command.TryRunAsync("deploy/local/provision", [Port])).Succeeded();
        (await WalletAsync("migrate", "wallet_owner")).Succeeded();
        (await Command.TryRunAsync("dotnet", [Identity, "migrate"], environment: new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__identitydb"] = Connection("identity", "identity_owner"),
            ["ConnectionStrings__messaging"] = "amqp://nobody",
        })).Succeeded();
    }

    public ValueTask DisposeAsync()
    {
        _server?.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_backup_is_restored_into_a_fresh_server_and_verified_there()
    {
        await AddWalletAsync(balance: 0);
        await AddAdminWithSessionAsync("former.admin");
        var backup = Path.Combine(_folder, "tonight");

        (await Command.TryRunAsync("deploy/scripts/backup", [backup], environment: Server)).Succeeded();
        var rehearsal = (await RehearseAsync(backup)).Succeeded();

        Assert.Contains("1 wallets", rehearsal, StringComparison.Ordinal);
        Assert.Contains("the books are right", rehearsal, StringComparison.Ordinal);
        Assert.Contains("Sessions ended: 1", rehearsal, StringComparison.Ordinal);
        Assert.Contains("former.admin", rehearsal, StringComparison.Ordinal);
        Assert.NotEqual(0, (await Command.TryRunAsync("deploy/scripts/backup", [backup], environment: Server)).ExitCode);
    }

    [Fact]
    public async Task A_backup_with_wrong_books_or_a_broken_file_fails_the_rehearsal()
    {
        await AddWalletAsync(balance: 5);
        var backup = Path.Combine(_folder, "wrong");
        (await Command.TryRunAsync("deploy/scripts/backup", [backup], environment: Server)).Succeeded();

        var wrong = await RehearseAsync(backup);
        await File.AppendAllTextAsync(Path.Combine(backup, "chat.dump"), "x");
        var broken = await RehearseAsync(backup);

        Assert.NotEqual(0, wrong.ExitCode);
        Assert.Contains("WRONG", wrong.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, broken.ExitCode);
        Assert.Contains("chat.dump", broken.Output + broken.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_secrets_of_a_new_installation_open_its_databases()
    {
        var secrets = Path.Combine(_folder, "secrets");
        var hosts = new Dictionary<string, string?> { ["POSTGRES_HOST"] = "127.0.0.1" };
        (await Command.TryRunAsync("deploy/scripts/make-secrets", [secrets], environment: hosts)).Succeeded();
        await File.WriteAllTextAsync(Path.Combine(secrets, "postgres"), "postgres");
        var first = await File.ReadAllTextAsync(Path.Combine(secrets, "walletdb"));
        (await Command.TryRunAsync("deploy/scripts/make-secrets", [secrets], environment: hosts)).Succeeded();

        (await Command.TryRunAsync("deploy/compose/provision", [], environment: new Dictionary<string, string?>(Server)
        {
            ["SECRETS"] = secrets,
        })).Succeeded();

        Assert.Equal(first, await File.ReadAllTextAsync(Path.Combine(secrets, "walletdb")));
        foreach (var service in Service.WithDatabase)
        {
            foreach (var file in (string[])[$"{service.Database}db", $"{service.Database}db_owner"])
            {
                var settings = new NpgsqlConnectionStringBuilder(await File.ReadAllTextAsync(Path.Combine(secrets, file))) { Port = int.Parse(Port, CultureInfo.InvariantCulture), Pooling = false };
                await using var connection = new NpgsqlConnection(settings.ConnectionString);
                await connection.OpenAsync();
                Assert.Equal(service.Database, connection.Database);
            }
        }
    }

    [Fact]
    public async Task A_service_takes_its_settings_from_mounted_secrets_and_answers_for_its_health()
    {
        var secrets = Directory.CreateDirectory(Path.Combine(_folder, "mounted")).FullName;
        await File.WriteAllTextAsync(Path.Combine(secrets, "ConnectionStrings__walletdb"), WalletConnection("wallet") + "\n");
        await File.WriteAllTextAsync(Path.Combine(secrets, "ConnectionStrings__messaging"), "amqp://nobody@127.0.0.1:1/");
        await using var process = await ServiceProcess.StartAsync(Service.Wallet, new Dictionary<string, string?> { ["Secrets:Folder"] = secrets });
        var address = new Dictionary<string, string?> { ["ASPNETCORE_URLS"] = process.Address.AbsoluteUri, ["Secrets__Folder"] = secrets, ["ASPNETCORE_ENVIRONMENT"] = "Development" };

        var healthy = await Command.TryRunAsync("dotnet", [Wallet, "health"], environment: address);
        await process.KillAsync();
        var dead = await Command.TryRunAsync("dotnet", [Wallet, "health"], environment: address);

        Assert.Contains("\"database\":\"healthy\"", healthy.Succeeded(), StringComparison.Ordinal);
        Assert.Equal(1, dead.ExitCode);
    }

    private static string Wallet => AssemblyOf("WalletService");

    private static string Identity => AssemblyOf("IdentityService");

    private static string AssemblyOf(string project)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, $"{project}.dll");
    }

    private string Port => new NpgsqlConnectionStringBuilder(_server!.ConnectionString).Port.ToString(CultureInfo.InvariantCulture);

    private Dictionary<string, string?> Server => new() { ["PGHOST"] = "127.0.0.1", ["PGPORT"] = Port, ["PGUSER"] = "postgres", ["PGPASSWORD"] = "postgres" };

    private string WalletConnection(string role) => Connection("wallet", role);

    private string Connection(string database, string role) => $"Host=127.0.0.1;Port={Port};Database={database};Username={role};Password={role};Pooling=false";

    private static Task<Command> RehearseAsync(string backup) =>
        Command.TryRunAsync("deploy/scripts/restore-rehearsal", [backup], environment: new Dictionary<string, string?> { ["WALLET"] = Wallet, ["IDENTITY"] = Identity });

    private Task<Command> WalletAsync(string verb, string role) => Command.TryRunAsync("dotnet", [Wallet, verb], environment: new Dictionary<string, string?>
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["ConnectionStrings__walletdb"] = WalletConnection(role),
        ["ConnectionStrings__messaging"] = "amqp://nobody",
    });

    private async Task AddWalletAsync(int balance)
    {
        await using var connection = new NpgsqlConnection(WalletConnection("wallet_owner"));
        await connection.OpenAsync();
        await using var insert = new NpgsqlCommand(
            "INSERT INTO points_wallets (id, user_id, balance, last_seq, created_at, updated_at) VALUES (gen_random_uuid(), gen_random_uuid(), @balance, 0, now(), now())", connection);
        insert.Parameters.AddWithValue("balance", balance);
        await insert.ExecuteNonQueryAsync();
    }

    private async Task AddAdminWithSessionAsync(string username)
    {
        await using var connection = new NpgsqlConnection(Connection("identity", "identity_owner"));
        await connection.OpenAsync();
        await using var insert = new NpgsqlCommand(
            """
            WITH admin AS (
                INSERT INTO users (id, email, normalized_email, username, normalized_username, password, password_stamp, email_verified, is_admin, version, created_at, updated_at)
                VALUES (gen_random_uuid(), @username, @username, @username, @username, '', gen_random_uuid(), true, true, 1, now(), now())
                RETURNING id)
            INSERT INTO sessions (id, user_id, created_at, last_used_at) SELECT gen_random_uuid(), id, now(), now() FROM admin
            """,
            connection);
        insert.Parameters.AddWithValue("username", username);
        await insert.ExecuteNonQueryAsync();
    }
}
