using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;

namespace Explaino.ServiceFiles.Storage;

/// <summary>Disk room: which share of the disks is free that files and unfinished uploads lie on. Without room uploads are refused; this is what to alert on before.</summary>
internal sealed class DiskRoom(IMeterFactory meters, IReadOnlyList<string> folders) : IHostedService
{
    public const string Instrument = "explaino.files.free_share";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        meters.Create("Explaino.Files").CreateObservableGauge(Instrument, Measure, description: "The free share of the disk of a folder of files.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<double>> Measure()
    {
        foreach (var folder in folders)
        {
            // It is made with the first file.
            if (Existing(folder) is { } existing)
            {
                var disk = new DriveInfo(existing);
                yield return new((double)disk.AvailableFreeSpace / disk.TotalSize, new KeyValuePair<string, object?>("folder", folder));
            }
        }
    }

    private static string? Existing(string? folder)
    {
        while (folder is not null && !Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder;
    }
}
