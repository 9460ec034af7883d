using System.ComponentModel.DataAnnotations;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Explaino.ServiceFiles.Storage;

/// <summary>Registers the <see cref="IFileStore"/> that <c>Storage:Mode</c> names: <c>folder</c> (the default) or <c>s3</c>.</summary>
public static class FileStorage
{
    /// <param name="service">Keeps the files of services apart that share a folder or bucket.</param>
    /// <param name="named">Those of the keys that rows of the database name; the files of the others are swept.</param>
    public static WebApplicationBuilder AddFileStorage<TContext>(
        this WebApplicationBuilder builder, string service, Func<TContext, IReadOnlyCollection<Guid>, IQueryable<Guid>> named)
        where TContext : DbContext
    {
        var storage = builder.Configuration.GetSection("Storage");
        var mode = storage["Mode"] ?? "folder";
        builder.Services.AddSingleton<IFileStore>(_ => mode switch
        {
            "folder" => new FolderStore(Path.Combine(Folder(storage, builder.Environment), service)),
            "s3" => new S3Store(S3(storage.GetSection("S3")), service),
            _ => throw new InvalidOperationException($"Storage:Mode is 'folder' or 's3', not '{mode}'."),
        });

        builder.Services.AddSingleton<FileDisposal>().AddSingleton<UploadAdmission>();
        builder.Services.AddSingleton(new NamedFiles<TContext>(named));
        builder.Services.AddHostedService<OrphanSweeper<TContext>>();
        builder.Services.AddHostedService(services => new DiskRoom(
            services.GetRequiredService<IMeterFactory>(),
            [UploadBuffer.FolderOf(builder.Configuration), .. mode == "folder" ? (string[])[Path.Combine(Folder(storage, builder.Environment), service)] : []]));
        return builder;
    }

    private static string Folder(IConfiguration storage, IHostEnvironment environment) =>
        storage["Folder"]
            ?? (environment.IsDevelopment() ? Path.Combine(Path.GetTempPath(), "explaino-files")
                : throw new InvalidOperationException("Storage:Folder must be set outside Development."));

    private static S3Settings S3(IConfiguration section)
    {
        var settings = section.Get<S3Settings>() ?? new S3Settings();
        Validator.ValidateObject(settings, new ValidationContext(settings), validateAllProperties: true);
        return settings;
    }
}
