using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;
using NetVips;

namespace Explaino.IdentityService.Tests;

/// <summary>IdentityService with a folder of its own for files.</summary>
public sealed class AvatarHost : IdentityHost
{
    private readonly string _folder;

    public AvatarHost() : this(Directory.CreateTempSubdirectory("explaino-avatars-").FullName)
    {
    }

    private AvatarHost(string folder) : base(new Dictionary<string, string?> { ["Storage:Folder"] = folder }) => _folder = folder;

    /// <summary>The files that are stored now.</summary>
    public IReadOnlyList<string> Files => Directory.GetFiles(_folder, "*", SearchOption.AllDirectories);
}

public sealed class AvatarTests(AvatarHost host) : IClassFixture<AvatarHost>
{
    private const string Path = "/api/users/me/image";

    public static TheoryData<string, byte[], string> Kinds() => new()
    {
        { "JPEG", Picture().JpegsaveBuffer(), "image/jpeg" },
        { "PNG", Picture().PngsaveBuffer(), "image/jpeg" },
        { "PNG that is seen through", Picture().Bandjoin(100).PngsaveBuffer(), "image/png" },
        { "WebP", Picture().WebpsaveBuffer(), "image/jpeg" },
        { "AVIF", Picture().HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, effort: 0), "image/jpeg" },
        { "GIF of two frames", Picture().Join(Picture().Invert(), Enums.Direction.Vertical).Mutate(fields => fields.Set(GValue.GIntType, "page-height", 80)).GifsaveBuffer(), "image/jpeg" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_avatar_is_shown_to_anyone_by_the_address_in_profile_image(string what, byte[] file, string type)
    {
        var (member, client) = await host.SomebodyAsync();

        var user = await SetAsync(client, file);
        using var shown = await host.Anonymous().GetAsync(PathOf(user));
        using var small = await host.Anonymous().GetAsync($"{PathOf(user)}?size=64");

        Assert.StartsWith($"{host.Environment.Issuer.Address}/api/users/{member.Id}/image/", (string?)user["profile_image"], StringComparison.Ordinal);
        Assert.Equal(type, shown.Content.Headers.ContentType?.ToString());
        Assert.Equal("public, max-age=31536000, immutable", Assert.Single(shown.Headers.NonValidated["Cache-Control"]));
        Assert.Equal("nosniff", Assert.Single(shown.Headers.GetValues("X-Content-Type-Options")));
        var picture = Image.NewFromBuffer(await shown.Content.ReadAsByteArrayAsync());
        Assert.True((picture.Width, picture.Height) is (100, 80), what);
        Assert.InRange(picture[50, 40][0], 170, 230);
        Assert.Equal(64, Image.NewFromBuffer(await small.Content.ReadAsByteArrayAsync()).Width);
    }

    [Fact]
    public async Task A_new_avatar_goes_to_all_copies_and_the_former_one_is_gone_with_its_sizes()
    {
        var (member, client) = await host.SomebodyAsync();
        var files = host.Files.Count;
        var events = await PublishedEvents.ListenAsync(host.Environment.Broker, "user-updated.v1");
        var first = await SetAsync(client, Picture().JpegsaveBuffer());
        using var small = await host.Anonymous().GetAsync($"{PathOf(first)}?size=64");

        var second = await SetAsync(client, Picture().PngsaveBuffer());
        using var gone = await host.Anonymous().GetAsync(PathOf(first));
        var stored = host.Files.Count;
        using var removed = await client.DeleteAsync(Path);
        using var again = await client.DeleteAsync(Path);

        await gone.IsProblemAsync(HttpStatusCode.NotFound, "image_not_found");
        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (removed.StatusCode, again.StatusCode));
        Assert.Equal((files + 1, files), (stored, host.Files.Count));
        Assert.Equal(
            [(string?)first["profile_image"], (string?)second["profile_image"], null],
            (await events.AboutAsync(member.Id, count: 3)).OrderBy(message => (long)message["message"]!["version"]!).Select(message => (string?)message["message"]!["profileImage"]));
    }

    [Fact]
    public async Task An_upload_goes_when_another_address_is_set_and_with_its_user()
    {
        var (member, client) = await host.SomebodyAsync();
        var files = host.Files.Count;
        await SetAsync(client, Picture().JpegsaveBuffer());
        using var unrelated = await client.PatchAsJsonAsync("/api/users/me", new { bio = "Explains." });
        var kept = host.Files.Count;
        using var patched = await client.PatchAsJsonAsync("/api/users/me", new { profile_image = "https://example.org/me.png" });
        var patchedAway = host.Files.Count;
        await SetAsync(client, Picture().JpegsaveBuffer());
        using var deleted = await client.PostAsJsonAsync("/api/users/me/deletion", new { password = member.Password });

        Assert.Equal((files + 1, files, files), (kept, patchedAway, host.Files.Count));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    [Fact]
    public async Task What_is_no_picture_or_comes_too_late_changes_nothing_and_leaves_nothing()
    {
        var (_, client) = await host.SomebodyAsync();
        var user = await SetAsync(client, Picture().JpegsaveBuffer());
        var files = host.Files.Count;
        using var late = new HttpRequestMessage(HttpMethod.Put, Path) { Content = Form(Picture().PngsaveBuffer()) };
        late.Headers.TryAddWithoutValidation("If-Match", "\"other\"");

        using var noPicture = await client.PutAsync(Path, Form("%PDF-1.7"u8.ToArray()));
        using var damaged = await client.PutAsync(Path, Form(Picture().JpegsaveBuffer()[..300]));
        using var tooLate = await client.SendAsync(late);

        await noPicture.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        await damaged.IsProblemAsync(HttpStatusCode.BadRequest, "image_invalid");
        await tooLate.IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        Assert.Equal(files, host.Files.Count);
        Assert.Equal((string?)user["profile_image"], (string?)(await (await client.GetAsync("/api/users/me")).ReadObjectAsync())["profile_image"]);
    }

    private static Image Picture() => (Image.Black(100, 80, bands: 3) + new double[] { 200, 60, 60 }).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb).CopyMemory();

    private static string PathOf(JsonObject user) => new Uri((string)user["profile_image"]!).AbsolutePath;

    private static MultipartFormDataContent Form(byte[] file) => new() { { new ByteArrayContent(file), "file", "me.jpg" } };

    private static async Task<JsonObject> SetAsync(HttpClient client, byte[] file)
    {
        using var response = await client.PutAsync(Path, Form(file));
        return await response.ReadObjectAsync();
    }
}
