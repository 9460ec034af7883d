using System.Net;
using System.Net.Http.Headers;
using Explaino.Testing;

namespace Explaino.Trust.Tests.Backup;

/// <summary>A picture that is deleted after the moment of a restore: its row comes back with the database, its file with the versions of the object store.</summary>
internal sealed class DeletedPicture : IDisposable
{
    private readonly ArchivedSystem _system;
    private readonly Member _owner;
    private readonly string _versions = Directory.CreateTempSubdirectory("explaino-versions-").FullName;

    private DeletedPicture(ArchivedSystem system, Member owner, string path)
    {
        (_system, _owner, Path) = (system, owner, path);
    }

    private string Path { get; }

    public static async Task<DeletedPicture> UploadAsync(ArchivedSystem system)
    {
        var owner = await system.RegisterAsync();
        using var form = new MultipartFormDataContent();
        using var file = new ByteArrayContent(Png.Of(2, 2));
        file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        form.Add(file, "file", "me.png");
        using var answer = await owner.Client.PutAsync("/api/users/me/image", form);
        var address = (string)(await answer.ReadObjectAsync())["profile_image"]!;
        return new(system, owner, new Uri(address).PathAndQuery);
    }

    /// <summary>The store keeps what is deleted, for a time.</summary>
    public async Task DeleteAsync()
    {
        await Command.RunAsync("cp", ["--archive", $"{_system.Folder("files")}/.", _versions]);
        using var answer = await _owner.Client.DeleteAsync("/api/users/me/image");
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    public async Task ComesBackWithItsFileAsync()
    {
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync());
        await Command.RunAsync("cp", ["--archive", "--no-clobber", $"{_versions}/.", _system.Folder("files")]);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());
    }

    public void Dispose() => Directory.Delete(_versions, recursive: true);

    private async Task<HttpStatusCode> StatusAsync()
    {
        using var answer = await _system.Gateway.GetAsync(Path);
        return answer.StatusCode;
    }
}
