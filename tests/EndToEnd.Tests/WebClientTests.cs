namespace Explaino.EndToEnd.Tests;

/// <summary>clients/web in a headless Chromium: two people with a browser each, who post, like, comment, talk, and are offline for a while.</summary>
[Collection(OneSystem.Name)]
public sealed class WebClientTests(AppHostSystem system)
{
    [Fact]
    public Task Two_browsers_do_what_people_do() => Clients.TestAsync("web", ("GATEWAY", system.Gateway.BaseAddress!));
}
