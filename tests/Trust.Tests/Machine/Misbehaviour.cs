using Explaino.Testing;
using Npgsql;

namespace Explaino.Trust.Tests.Machine;

/// <summary>Library that processes load before all others, so that what they ask of their machine can go wrong without another machine: see misbehave.c.</summary>
internal sealed class Misbehaviour : IDisposable
{
    public const string SlowSync = "slow-fsync", NoNames = "no-names", SilentNames = "silent-names", FullOutput = "full-output";

    // Every user's: PostgreSQL's is not that of the tests.
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("explaino-misbehave-");

    /// <summary>Why there can be none here; null where there can.</summary>
    public static string? Obstacle { get; } = Environment.GetEnvironmentVariable("PATH")?.Split(':').Any(folder => File.Exists(Path.Combine(folder, "gcc"))) is true
        ? null : "Without gcc nothing can be put between a process and its machine.";

    /// <summary>What a process finds in its environment.</summary>
    public (string Name, string Value)[] Variables => [("LD_PRELOAD", Library), ("MISBEHAVE", _folder.FullName)];

    private string Library => Path.Combine(_folder.FullName, "misbehave.so");

    public static async Task<Misbehaviour> CompileAsync()
    {
        var made = new Misbehaviour();
        await Command.RunAsync("gcc", ["-shared", "-fPIC", "-O1", "-o", made.Library, Repository.PathTo("tests", "Trust.Tests", "Machine", "misbehave.c"), "-ldl"]);
        await Command.RunAsync("chmod", ["-R", "a+rX", made._folder.FullName]);
        return made;
    }

    public void Begin(string trouble) => File.WriteAllBytes(Path.Combine(_folder.FullName, trouble), []);

    public void End(string trouble) => File.Delete(Path.Combine(_folder.FullName, trouble));

    /// <summary>Has a process load the library, and find all that it needs by name.</summary>
    public void Apply(Service service, Dictionary<string, string?> settings)
    {
        foreach (var (name, value) in Variables)
        {
            settings[name] = value;
        }

        if (settings.TryGetValue(service.ConnectionStringKey, out var database))
        {
            settings[service.ConnectionStringKey] = new NpgsqlConnectionStringBuilder(database) { Host = "database.explaino.test" }.ConnectionString;
        }

        settings["ConnectionStrings:messaging"] = new UriBuilder(settings["ConnectionStrings:messaging"]!) { Host = "broker.explaino.test" }.Uri.AbsoluteUri;
        foreach (var (key, value) in settings.Where(setting => setting.Key.StartsWith("services:", StringComparison.Ordinal)).ToList())
        {
            settings[key] = new UriBuilder(value!) { Host = $"{key.Split(':')[1]}.explaino.test" }.Uri.AbsoluteUri.TrimEnd('/');
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
