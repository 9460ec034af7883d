using System.Net;
using Explaino.Testing;

namespace Explaino.SampleService.Tests;

/// <summary>What users see of their samples.</summary>
public sealed class SampleTests(SampleHost host) : IClassFixture<SampleHost>
{
    [Fact]
    public async Task Registration_brings_the_sample()
    {
        var user = await host.NewMemberAsync();

        var sample = await host.As(user).GetObjectAsync("/api/samples/me");

        Assert.Equal(["user_id", "created_at"], sample.Select(member => member.Key));
        Assert.Equal(user.Id.ToString(), (string?)sample["user_id"]);
    }

    [Fact]
    public async Task Before_the_event_there_is_no_sample_and_a_hint_when_to_ask_again()
    {
        using var response = await host.As(TestUser.New()).GetAsync("/api/samples/me");

        await response.IsProblemAsync(HttpStatusCode.NotFound, "sample_not_found");
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Nobody_gets_in_without_a_token()
    {
        using var response = await host.Anonymous().GetAsync("/api/samples/me");

        await response.IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }
}
