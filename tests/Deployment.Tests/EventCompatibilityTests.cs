using System.Text.Json.Nodes;

namespace Explaino.Deployment.Tests;

public sealed class EventCompatibilityTests
{
    private static readonly string Folder = Repository.PathTo("docs", "events");

    public static TheoryData<string> Released { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Folder, "released"), "*.json").Select(Path.GetFileNameWithoutExtension).OfType<string>()];

    [Theory]
    [MemberData(nameof(Released))]
    public async Task Every_version_understands_every_other(string name)
    {
        var current = File.Exists(Path.Combine(Folder, $"{name}.json")) ? await ReadAsync($"{name}.json") : null;

        Assert.Empty(EventRules.Faults(await ReadAsync($"released/{name}.json"), current));
    }

    [Fact]
    public async Task A_new_optional_member_and_better_words_are_fine()
    {
        var released = await ReadAsync("released/user-created.v1.json");
        var current = released.DeepClone().AsObject();
        current.Set("/properties/pronouns", """{ "type": ["string", "null"] }""");
        current.Set("/properties/userId/description", "\"Whose id it is.\"");

        Assert.Empty(EventRules.Faults(released, current));
    }

    [Theory]
    [InlineData("/properties/firstName", null, "UserCreated: firstName is gone")]
    [InlineData("/properties/username/type", """["string", "null"]""", "UserCreated: username has changed")]
    [InlineData("/properties/version/type", "\"string\"", "UserCreated: version has changed")]
    [InlineData("/properties/bio/maxLength", "1000", "UserCreated: bio has changed")]
    [InlineData("/required", """["userId", "username", "createdAt", "version", "bio"]""", "UserCreated: bio is now required, and the released version does not send it")]
    [InlineData("/required", """["userId", "createdAt", "version"]""", "UserCreated: username may now be absent")]
    [InlineData("/x-exchange", "\"explaino.user-made.v1\"", "UserCreated: x-exchange has changed")]
    [InlineData("/x-message-urn", "\"explaino:user-made:v1\"", "UserCreated: x-message-urn has changed")]
    public async Task A_breaking_change_is_found(string path, string? value, string fault)
    {
        var released = await ReadAsync("released/user-created.v1.json");
        var current = released.DeepClone().AsObject();
        current.Set(path, value);

        Assert.Contains(fault, EventRules.Faults(released, current));
    }

    [Fact]
    public async Task An_event_that_is_gone_is_found() =>
        Assert.Equal(["UserCreated is gone"], EventRules.Faults(await ReadAsync("released/user-created.v1.json"), null));

    private static async Task<JsonObject> ReadAsync(string file) =>
        JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, file)))!.AsObject();
}
