using System.Net;
using Explaino.Testing;

namespace Explaino.SampleService.Tests;

/// <summary>SampleService with members who have theirs.</summary>
public sealed class SampleHost() : ServiceHost<Program>(Service.Named("sample"))
{
    /// <summary>Somebody who registered.</summary>
    public async Task<TestUser> NewMemberAsync()
    {
        var user = TestUser.New();
        await PublishAsync("user-created.v1", user);
        await Eventually.TrueAsync(() => HasSampleAsync(user));
        return user;
    }

    public async Task<bool> HasSampleAsync(TestUser user)
    {
        using var response = await As(user).GetAsync("/api/samples/me");
        return response.StatusCode == HttpStatusCode.OK;
    }

    /// <summary>An event about this user, as its document shows it otherwise.</summary>
    public Task PublishAsync(string name, TestUser user)
    {
        var message = EventDocuments.Example(name);
        message["userId"] = user.Id;
        return Environment.Broker.PublishAsync(name, message);
    }
}
