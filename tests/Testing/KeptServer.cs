using System.Diagnostics;
using System.Globalization;

namespace Explaino.Testing;

/// <summary>
/// A hold on a server of deploy/local that lives in a folder of .explaino/test. The detached <c>keeper</c> script starts it
/// and watches our lock: when the last holder is gone, even by SIGKILL, it stops the server and deletes its data.
/// </summary>
internal sealed class KeptServer : IDisposable
{
    private readonly FileStream _hold;

    private KeptServer(string kind, string folder, int port, FileStream hold)
    {
        Kind = kind;
        Folder = folder;
        Port = port;
        _hold = hold;
    }

    public int Port { get; }

    public string Folder { get; }

    private string Kind { get; }

    /// <summary>Uses the server in the folder of this name, and starts it if nobody did.</summary>
    /// <param name="kind">Its script in deploy/local.</param>
    /// <param name="name">The folder's.</param>
    /// <param name="variables">What the script is told beside.</param>
    public static Task<KeptServer> HoldAsync(string kind, string name, params (string Name, string Value)[] variables) => HoldAtAsync(null, kind, name, variables);

    /// <summary>The same where others know the port before it is started.</summary>
    /// <param name="port">Null for any.</param>
    public static async Task<KeptServer> HoldAtAsync(int? port, string kind, string name, params (string Name, string Value)[] variables)
    {
        var folder = Repository.PathTo(".explaino", "test", name);
        Directory.CreateDirectory(folder);

        using var gate = await LockAsync(Path.Combine(folder, "gate"), FileShare.None);
        var hold = await LockAsync(Path.Combine(folder, "holders"), FileShare.Read);
        try
        {
            return new KeptServer(kind, folder, await StartAsync(port, kind, folder, variables), hold);
        }
        catch
        {
            await hold.DisposeAsync();
            throw;
        }
    }

    public Task StartAsync(params (string Name, string Value)[] variables) => RunScriptAsync("start", variables);

    public Task StopAsync() => RunScriptAsync("stop");

    /// <summary>Its process dies, and all it had goes: a machine that is lost.</summary>
    public Task RemoveAsync() => RunScriptAsync("remove");

    /// <summary>SIGKILL to the process whose id begins one of these files below the server's folder.</summary>
    public async Task KillAsync(params string[] pidFiles)
    {
        var file = pidFiles.Select(name => Path.Combine(Folder, "server", name)).First(File.Exists);
        using var process = Process.GetProcessById(int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture));
        process.Kill();
        await process.WaitForExitAsync();
    }

    public void Dispose() => _hold.Dispose();

    private static async Task<int> StartAsync(int? at, string kind, string folder, (string Name, string Value)[] variables)
    {
        var ready = Path.Combine(folder, "port");
        for (var attempt = 1; ; attempt++)
        {
            if (!KeeperLives(folder))
            {
                File.Delete(ready);
                await Command.RunAsync(Repository.PathTo("deploy", "local", "install"), []);
                // AMQP and the three ports after it; PostgreSQL needs one. Another program may take one before the server does.
                var port = (at ?? FreePorts.Find(4)).ToString(CultureInfo.InvariantCulture);
                await Command.RunAsync(Repository.PathTo("tests", "Testing", "keeper"), [kind, folder, port], variables.ToDictionary(each => each.Name, each => (string?)each.Value));
            }

            await Eventually.TrueAsync(() => File.Exists(ready) || !KeeperLives(folder), TimeSpan.FromMinutes(3));
            if (File.Exists(ready))
            {
                return int.Parse(await File.ReadAllTextAsync(ready), CultureInfo.InvariantCulture);
            }

            if (attempt == 3)
            {
                throw new InvalidOperationException(
                    $"No {kind} for the tests:\n{await File.ReadAllTextAsync(Path.Combine(folder, "keeper.log"))}");
            }
        }
    }

    private static bool KeeperLives(string folder)
    {
        using var free = TryLock(Path.Combine(folder, "keeper"), FileShare.None);
        return free is null;
    }

    private static async Task<FileStream> LockAsync(string path, FileShare share)
    {
        FileStream? held = null;
        await Eventually.TrueAsync(() => (held = TryLock(path, share)) is not null, TimeSpan.FromMinutes(5));
        return held!;
    }

    // .NET opens files with flock: FileShare.None exclusively, FileShare.Read for reading as one of many.
    private static FileStream? TryLock(string path, FileShare share)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, share == FileShare.None ? FileAccess.ReadWrite : FileAccess.Read, share);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private Task<string> RunScriptAsync(string action, params (string Name, string Value)[] variables)
    {
        var environment = new Dictionary<string, string?> { ["FSYNC"] = "off", ["MAX_CONNECTIONS"] = "1000" };
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        return Command.RunAsync(
            Repository.PathTo("deploy", "local", Kind), [action, Path.Combine(Folder, "server"), Port.ToString(CultureInfo.InvariantCulture)], environment);
    }
}
