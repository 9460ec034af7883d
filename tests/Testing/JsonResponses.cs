using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace Explaino.Testing;

/// <summary>Reads answers as what is on the wire, so that a renamed member breaks a test.</summary>
public static class JsonResponses
{
    /// <summary>The answer's JSON object; another status than expected fails with the body.</summary>
    public static async Task<JsonObject> ReadObjectAsync(
        this HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"Expected {(int)expected}, got {(int)response.StatusCode}:\n{body}");
        return Assert.IsType<JsonObject>(JsonNode.Parse(body));
    }

    /// <summary>The objects of a list answer.</summary>
    public static async Task<IReadOnlyList<JsonObject>> ReadItemsAsync(this HttpResponseMessage response)
    {
        var list = await response.ReadObjectAsync();
        return [.. Assert.IsType<JsonArray>(list["items"]).Select(item => Assert.IsType<JsonObject>(item))];
    }

    public static async Task<JsonObject> GetObjectAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        return await response.ReadObjectAsync();
    }
}
