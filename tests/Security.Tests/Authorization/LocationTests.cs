using System.Net;
using System.Net.Http.Headers;
using Explaino.Testing;

namespace Explaino.Security.Tests.Authorization;

/// <summary>Whoever makes a thing finds it where the answer says (RFC 9110 section 15.3.2), for every operation of the matrix that makes one.</summary>
public sealed class LocationTests(SecuritySystem system)
{
    public static TheoryData<string> Makers => [.. Matrix.Documented.Where(row => MakerOf(row) is not null).Select(row => row.Operation)];

    [Theory]
    [MemberData(nameof(Makers))]
    public async Task The_location_of_a_new_thing_answers_its_maker(string operation)
    {
        var row = Matrix.Documented.Single(row => row.Operation == operation);
        var cast = new TestActors(system) { Caller = MakerOf(row)!.Value };
        var target = await row.Prepare(cast);
        using var maker = new HttpClient { BaseAddress = system.Gateway.BaseAddress };
        maker.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await cast[cast.Caller]).AccessToken());

        using var made = await Matrix.SendAsync(maker, row, target);
        var thing = await made.ReadObjectAsync(HttpStatusCode.Created);
        Assert.NotNull(made.Headers.Location);

        using var found = await maker.GetAsync(new Uri(maker.BaseAddress!, made.Headers.Location));

        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        if (found.Content.Headers.ContentType?.MediaType == "application/json" && thing["id"] is { } id
            && made.Headers.Location.ToString().EndsWith(id.ToString(), StringComparison.Ordinal))
        {
            Assert.Equal(id.ToString(), (await found.ReadObjectAsync())["id"]?.ToString());
            Assert.NotNull(found.Headers.ETag);
        }
    }

    private static Who? MakerOf(Row row) =>
        row.Expected.Owner == 201 ? Who.Owner : row.Expected.Admin == 201 ? Who.Admin : row.Expected.Nobody == 201 ? Who.Nobody : null;
}
