using static Explaino.Security.Tests.Authorization.Rules;

namespace Explaino.Security.Tests.Authorization;

internal static class SampleRows
{
    public static readonly Row[] All = [Row("GET /api/samples/me", User(200), MySample)];

    /// <summary>It is made by an event.</summary>
    private static async Task<Target> MySample(TestActors cast)
    {
        var me = await cast.Me;
        await Explaino.Testing.Eventually.TrueAsync(async () => (await me.Client.GetAsync("/api/samples/me")).IsSuccessStatusCode, TimeSpan.FromSeconds(20));
        return new();
    }
}
