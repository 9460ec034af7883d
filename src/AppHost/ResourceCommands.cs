using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Explaino.AppHost;

/// <summary>Resource commands of the dashboard that run a verb of a service's own binary, with the settings that its instances have, and show what it said.</summary>
internal static class ResourceCommands
{
    /// <param name="verb">The words of its command line: <c>outbox list</c>.</param>
    /// <param name="confirmation">Asked before, where something is changed.</param>
    public static IResourceBuilder<ProjectResource> WithVerb(
        this IResourceBuilder<ProjectResource> service, string verb, string title, string icon, string? confirmation = null)
    {
        var name = verb.Replace(' ', '-');
        var assembly = Binaries.AssemblyOf(service.ApplicationBuilder, Path.GetFileNameWithoutExtension(service.Resource.GetProjectMetadata().ProjectPath));
        return service.WithCommandInRunMode(name, title, icon, confirmation, async context =>
        {
            var settings = await ExecutionConfigurationBuilder.Create(service.Resource).WithEnvironmentVariablesConfig()
                .BuildAsync(service.ApplicationBuilder.ExecutionContext, context.Logger, context.CancellationToken);
            var start = new ProcessStartInfo("dotnet", [assembly, .. verb.Split(' ')]);
            foreach (var (key, value) in settings.EnvironmentVariables)
            {
                start.Environment[key] = value;
            }

            start.Environment.Remove("OTEL_EXPORTER_OTLP_ENDPOINT"); // What it says is shown at once.
            return await RunAsync(start, title, context);
        });
    }

    /// <summary>What every consumer has: the messages that failed for good.</summary>
    public static IResourceBuilder<ProjectResource> WithFailedMessages(this IResourceBuilder<ProjectResource> consumer) => consumer
        .WithVerb("errors list", "Failed messages: list", "ErrorCircle")
        .WithVerb("errors replay", "Failed messages: replay", "ArrowRepeatAll", "Have all failed messages of this service consumed again?");

    /// <summary>What every publisher has: the events that could not be published.</summary>
    public static IResourceBuilder<ProjectResource> WithEventsSetAside(this IResourceBuilder<ProjectResource> publisher) => publisher
        .WithVerb("outbox list", "Outbox: list events set aside", "Box")
        .WithVerb("outbox retry", "Outbox: publish them again", "BoxArrowUp", "Publish all events again that were set aside?");

    /// <summary>What every service has that keeps something of people.</summary>
    public static IResourceBuilder<ProjectResource> WithCopiesOfPeople(this IResourceBuilder<ProjectResource> service) => service
        .WithVerb("resync people", "People: hold against Identity", "PeopleSync", "Hold what this service keeps of people against Identity, and put it right?");

    /// <summary>No command is published: it is for the people in front of this dashboard.</summary>
    public static IResourceBuilder<T> WithCommandInRunMode<T>(
        this IResourceBuilder<T> resource, string name, string title, string icon, string? confirmation,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> run) where T : IResource =>
        resource.ApplicationBuilder.ExecutionContext.IsRunMode
            ? resource.WithCommand(name, title, run, new CommandOptions { IconName = icon, ConfirmationMessage = confirmation })
            : resource;

    public static async Task<ExecuteCommandResult> RunAsync(ProcessStartInfo start, string title, ExecuteCommandContext context)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(context.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(context.CancellationToken);
        await process.WaitForExitAsync(context.CancellationToken);
        var said = (await output + await errors).Trim();
        context.Logger.LogInformation("{Command}: exit code {ExitCode}\n{Said}", title, process.ExitCode, said);
        var result = new CommandResultData { Value = said, Format = CommandResultFormat.Text, DisplayImmediately = true };
        return process.ExitCode == 0 ? CommandResults.Success(title, result) : CommandResults.Failure($"{title}: exit code {process.ExitCode}", result);
    }
}
