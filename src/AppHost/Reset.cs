using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Explaino.AppHost;

/// <summary>
/// The command <c>Reset data</c>: every service stops, databases, messages, mail and files are deleted and made anew, and the services start
/// again. For servers of this run; those that run elsewhere are left alone.
/// </summary>
internal sealed class Reset(IResource databases, IResourceWithConnectionString broker, EndpointReference management, StateFolder state)
{
    /// <summary>What the step that makes the databases is told: to drop what is there.</summary>
    public bool IsUnderWay { get; private set; }

    public async Task<ExecuteCommandResult> RunAsync(ExecuteCommandContext context)
    {
        var model = context.Services.GetRequiredService<DistributedApplicationModel>();
        var services = model.Resources.OfType<ProjectResource>().ToList();
        var running = services.Where(service => IsRunning(service, context)).ToList();
        await EachAsync(running, KnownResourceCommands.StopCommand, context);
        IsUnderWay = true;
        try
        {
            await RepeatAsync(databases, context);
        }
        finally
        {
            IsUnderWay = false;
        }

        await EmptyBrokerAsync(context.CancellationToken);
        Array.ForEach(["mail", "files"], name => Array.ForEach(new DirectoryInfo(state.Folder(name)).GetFileSystemInfos(), Delete));
        await Task.WhenAll(model.Resources.OfType<ExecutableResource>().Where(step => step.HasAnnotationOfType<MigrationsAnnotation>())
            .Select(step => RepeatAsync(step, context)));
        await EachAsync(running, KnownResourceCommands.StartCommand, context);
        var notifications = context.Services.GetRequiredService<ResourceNotificationService>();
        await Task.WhenAll(running.Select(service => notifications.WaitForResourceHealthyAsync(service.Name, context.CancellationToken)));
        return CommandResults.Success("The data is deleted, and the services serve again.");
    }

    private static bool IsRunning(ProjectResource resource, ExecuteCommandContext context) =>
        context.Services.GetRequiredService<ResourceNotificationService>().TryGetCurrentState(resource.Name, out var now)
        && now.Snapshot.State?.Text == KnownResourceStates.Running;

    private static Task<ExecuteCommandResult[]> EachAsync(List<ProjectResource> services, string command, ExecuteCommandContext context)
    {
        var commands = context.Services.GetRequiredService<ResourceCommandService>();
        return Task.WhenAll(services.Select(service => commands.ExecuteCommandAsync(service, command, context.CancellationToken)));
    }

    /// <summary>Runs a step again, to its end.</summary>
    private static async Task RepeatAsync(IResource step, ExecuteCommandContext context)
    {
        var notifications = context.Services.GetRequiredService<ResourceNotificationService>();
        var from = context.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        await context.Services.GetRequiredService<ResourceCommandService>()
            .ExecuteCommandAsync(step, KnownResourceCommands.StartCommand, context.CancellationToken);
        var end = await notifications.WaitForResourceAsync(
            step.Name, each => each.Snapshot.StopTimeStamp > from && each.Snapshot.ExitCode is not null, context.CancellationToken);
        if (end.Snapshot.ExitCode != 0)
        {
            throw new DistributedApplicationException($"{step.Name} ended with {end.Snapshot.ExitCode}; its log says why.");
        }
    }

    private async Task EmptyBrokerAsync(CancellationToken cancellationToken)
    {
        var address = new Uri((await broker.GetConnectionStringAsync(cancellationToken))!);
        using var client = new HttpClient { BaseAddress = new Uri(management.Url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));
        var user = Uri.UnescapeDataString(address.UserInfo.Split(':')[0]);
        using var deleted = await client.DeleteAsync("/api/vhosts/%2f", cancellationToken);
        using var created = await client.PutAsync("/api/vhosts/%2f", new StringContent("{}", Encoding.UTF8, "application/json"), cancellationToken);
        using var allowed = await client.PutAsync(
            $"/api/permissions/%2f/{user}",
            new StringContent("""{"configure":".*","write":".*","read":".*"}""", Encoding.UTF8, "application/json"), cancellationToken);
        allowed.EnsureSuccessStatusCode();
    }

    private static void Delete(FileSystemInfo entry)
    {
        if (entry is DirectoryInfo folder)
        {
            folder.Delete(recursive: true);
        }
        else
        {
            entry.Delete();
        }
    }
}

/// <summary>Marks the steps that bring a database up to date.</summary>
internal sealed class MigrationsAnnotation : IResourceAnnotation;

internal static class ResetSetup
{
    public static void AddReset(
        this IResourceBuilder<IResource> server, IResourceBuilder<IResourceWithEnvironment> databases, IResourceBuilder<IResourceWithConnectionString> broker,
        StateFolder state)
    {
        var reset = new Reset(databases.Resource, broker.Resource, ((IResourceWithEndpoints)broker.Resource).GetEndpoint("management"), state);
        databases.WithEnvironment(context => context.EnvironmentVariables["FRESH"] = reset.IsUnderWay ? "yes" : "no");
        server.WithCommandInRunMode(
            "reset", "Reset data", "Delete", "Delete the databases, messages, mail and files of this clone, and start afresh?", reset.RunAsync);
    }
}
