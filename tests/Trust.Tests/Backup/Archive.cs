using System.Diagnostics;
using System.Globalization;
using Explaino.Testing;
using Npgsql;

namespace Explaino.Trust.Tests.Backup;

/// <summary>Continuous archive of a server: Barman, set up as deploy/barman/explaino.conf says.</summary>
internal sealed class Archive : IDisposable
{
    private const string Server = "explaino";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    // The server's own: what Barman restores is the server's, and PostgreSQL refuses to run as root.
    private static readonly string User = Environment.IsPrivilegedProcess ? "postgres" : Environment.UserName;

    private readonly PostgresServer _server;
    private readonly string _folder = Directory.CreateTempSubdirectory("explaino-archive-").FullName;
    private Process? _receiver;

    private Archive(PostgresServer server) => _server = server;

    /// <summary>Barman's file.</summary>
    public string Configuration => Path.Combine(_folder, "barman.conf");

    public static async Task<Archive> StartAsync(PostgresServer server)
    {
        await Command.RunAsync(Repository.PathTo("deploy", "local", "install"), ["barman"]);
        var archive = new Archive(server);
        await File.WriteAllTextAsync(archive.Configuration, archive.Settings(await File.ReadAllTextAsync(Repository.PathTo("deploy", "barman", "explaino.conf"))));
        await Command.RunAsync("chown", ["-R", User, archive._folder]);
        await archive.BarmanAsync("receive-wal", "--create-slot", Server);
        await archive.ReceiveAsync();
        return archive;
    }

    /// <summary>Receives all that is written, as it is written.</summary>
    public async Task ReceiveAsync()
    {
        var command = Barman("receive-wal", Server);
        _receiver = await ChildProcess.StartAsync(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true });
        _receiver.BeginOutputReadLine();
        _receiver.BeginErrorReadLine();
        await Eventually.TrueAsync(() => IsTrueAsync("SELECT count(*) = 1 FROM pg_stat_replication WHERE application_name = 'barman_receive_wal'"));
    }

    /// <summary>The fault that must be noticed: nobody listens any more.</summary>
    public async Task FallSilentAsync()
    {
        await BarmanAsync("receive-wal", "--stop", Server);
        await _receiver!.WaitForExitAsync();
    }

    /// <summary>After a restore: the server has a history of its own since, and no slot.</summary>
    public async Task BeginAgainAsync()
    {
        await BarmanAsync("receive-wal", "--create-slot", Server);
        await BarmanAsync("receive-wal", "--reset", Server);
        await ReceiveAsync();
    }

    /// <summary>A base backup, beside any load.</summary>
    /// <returns>How large the latest is, in bytes.</returns>
    public async Task<long> BackupAsync()
    {
        // Barman takes no backup before the first segment is filed; cron does that in production.
        await BarmanAsync("archive-wal", Server);
        await BarmanAsync("backup", "--immediate-checkpoint", "--wait", Server);
        var latest = new DirectoryInfo(Path.Combine(_folder, Server, "base")).EnumerateDirectories().MaxBy(backup => backup.Name)!;
        return latest.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
    }

    public void Dispose()
    {
        if (_receiver is { HasExited: false })
        {
            _receiver.Kill(entireProcessTree: true);
            _receiver.WaitForExit();
        }

        _receiver?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string[] Barman(params string[] words)
    {
        string[] command = ["barman", "--config", Configuration, .. words];
        return Environment.IsPrivilegedProcess
            ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--init-groups", "--pdeathsig", "TERM", "--", .. command]
            : command;
    }

    private async Task BarmanAsync(params string[] words)
    {
        var command = Barman(words);
        var ended = await Command.TryRunAsync(command[0], command[1..], folder: _folder, limit: Limit);
        Assert.True(ended.ExitCode == 0, $"barman {string.Join(' ', words)}: {ended.Output}{ended.Errors}\n{await File.ReadAllTextAsync(Path.Combine(_folder, "log"))}");
    }

    /// <summary>The deployed file, with this server's address in place of the deployed one's.</summary>
    private string Settings(string deployed)
    {
        var server = new NpgsqlConnectionStringBuilder(_server.ConnectionString);
        var address = string.Create(CultureInfo.InvariantCulture, $"host={server.Host} port={server.Port} user={server.Username} password={server.Password}");
        var programs = Directory.GetDirectories("/usr/lib/postgresql").Max();
        return $"""
            [barman]
            barman_home = {_folder}
            barman_user = {User}
            log_file = {_folder}/log
            path_prefix = {programs}/bin

            {deployed.Replace("host=postgres user=barman", address, StringComparison.Ordinal).Replace("host=postgres user=streaming_barman", address, StringComparison.Ordinal)}
            """;
    }

    private async Task<bool> IsTrueAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create($"{_server.ConnectionString};Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is true;
    }
}
