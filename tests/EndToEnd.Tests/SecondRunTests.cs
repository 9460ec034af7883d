using System.Diagnostics;
using System.Globalization;
using Explaino.Testing;

namespace Explaino.EndToEnd.Tests;

/// <summary>Two runs cannot have one clone's data, nor one port: the second one says so, and starts nothing.</summary>
[Collection(OneSystem.Name)]
public sealed class SecondRunTests(AppHostSystem system)
{
    [Fact]
    public async Task In_the_same_state_folder_it_names_the_process_that_has_it()
    {
        var (exitCode, errors) = await StartAsync(FreePorts.Find(60), system.State);

        Assert.Equal(1, exitCode);
        Assert.Equal($"Explaino runs in this clone already (process {Environment.ProcessId}); stop it first.", errors.Trim());
    }

    [Fact]
    public async Task On_a_port_that_is_taken_it_names_the_port()
    {
        var folder = Directory.CreateTempSubdirectory("explaino-second-");

        var (exitCode, errors) = await StartAsync(system.Gateway.BaseAddress!.Port, folder.FullName);

        Assert.Equal(1, exitCode);
        Assert.Contains($"Port {system.Gateway.BaseAddress.Port}, wanted for gateway, is taken.", errors, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    private static async Task<(int ExitCode, string Errors)> StartAsync(int port, string state)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var start = new ProcessStartInfo(
            ServiceProcess.Dotnet,
            [
                Repository.PathTo("artifacts", "bin", "AppHost", configuration, "AppHost.dll"), "--Servers=processes", "--Dashboard=false",
                $"--Port={port.ToString(CultureInfo.InvariantCulture)}", $"--InnerPort={FreePorts.Find(60).ToString(CultureInfo.InvariantCulture)}", $"--State={state}",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = await ChildProcess.StartAsync(start);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(limit.Token);
        await output;
        return (process.ExitCode, errors);
    }
}
