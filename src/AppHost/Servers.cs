using System.Diagnostics;

namespace Explaino.AppHost;

/// <summary>
/// PostgreSQL and RabbitMQ in one of three forms: containers where an engine answers, else processes of the installed programs, whose data is
/// in the clone; or, only where it is asked for, servers that run elsewhere.
/// </summary>
internal abstract class Servers
{
    public abstract IResourceBuilder<IResourceWithConnectionString> Broker { get; }

    public static Servers Add(IDistributedApplicationBuilder builder, RunSettings run, StateFolder state) =>
        (run.Servers ?? (ContainerEngineAnswers() ? "containers" : "processes")) switch
        {
            "containers" => new ContainerServers(builder, state),
            "processes" => new ProcessServers(builder, run, state),
            "external" => new ExternalServers(builder),
            var other => throw new DistributedApplicationException($"Servers={other} is none of: containers, processes, external."),
        };

    /// <summary>A service's own database; its connection string is named <c>&lt;name&gt;db</c>.</summary>
    public abstract Database AddDatabase(string name);

    /// <summary>Has a service's migrations wait for the databases and roles.</summary>
    public abstract void Await(IResourceBuilder<ExecutableResource> migrations);

    private static bool ContainerEngineAnswers() => new[] { "docker", "podman" }.Any(engine =>
    {
        try
        {
            using var info = Process.Start(new ProcessStartInfo(engine, "info") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            return info.WaitForExit(10_000) && info.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // There is none.
        }
    });
}

/// <summary>One database by both of its roles: one serves, one owns the schema (deploy/postgres/provision.sql).</summary>
internal sealed record Database(IResourceBuilder<IResourceWithConnectionString> Serving, ReferenceExpression Owner);
