using System.Net.Http.Json;
using Explaino.Testing;
using static Explaino.Security.Tests.Authorization.Rules;

namespace Explaino.Security.Tests.Authorization;

internal static class IdentityRows
{
    private static int _number;

    public static readonly Row[] All =
    [
        Row("GET /.well-known/openid-configuration", Anyone(200)),
        Row("GET /.well-known/jwks.json", Anyone(200)),
        Row("POST /api/auth/register", Anyone(201), Registration),
        Row("POST /api/auth/token", Anyone(200), async cast => new(new { email = (await cast.Owner).Email, password = ExplainoSystem.Password })),
        Row("POST /api/auth/token/refresh", Anyone(200), async cast => new(new { refresh_token = (await NewSession(cast)).RefreshToken })),
        Row("POST /api/auth/password/forgot", Anyone(202), async cast => new(new { email = (await cast.Owner).Email })),
        Row("POST /api/auth/password/reset", Anyone(400), async cast => new(WrongCode((await cast.Owner).Email))),
        Row("POST /api/auth/email/change", User(202), new { new_email = "matrix@example.net", password = ExplainoSystem.Password }),
        Row("POST /api/auth/email/confirm", User(400), new { code = "000000" }),
        Row("POST /api/auth/email/undo", Anyone(400), async cast => new(new { email = (await cast.Owner).Email, code = "000000" })),
        Row("POST /api/auth/deletion/request", Anyone(202), async cast => new(new { email = (await cast.Owner).Email })),
        Row("POST /api/auth/deletion/confirm", Anyone(400), async cast => new(new { email = (await cast.Owner).Email, code = "000000" })),
        Row("POST /api/auth/logout", User(204), async cast => new(new { refresh_token = (await NewSession(cast)).RefreshToken })),
        Row("GET /api/auth/sessions", User(200)),
        Row("DELETE /api/auth/sessions", User(204)),
        Row("DELETE /api/auth/sessions/{id}", Own(204, 404), Session),
        Row("POST /api/auth/password/change", User(204), new { current_password = ExplainoSystem.Password, new_password = "another battery staple" }),
        Row("POST /api/auth/email/send-code", User(202)),
        Row("POST /api/auth/email/verify", User(400), new { code = "000000" }),
        Row("GET /api/users/me", User(200)),
        Row("PATCH /api/users/me", User(200), new { bio = "Explains." }),
        Row("PUT /api/users/me/image", User(200), _ => Task.FromResult(new Target(Files.Picture()))),
        Row("DELETE /api/users/me/image", User(204)),
        Row("GET /api/users/{id}/image/{image_id}", Anyone(200), Avatar),
        Row("DELETE /api/users/me", User(204), new { password = ExplainoSystem.Password }),
        Row("POST /api/users/me/deletion", User(204), new { password = ExplainoSystem.Password }),
        Row("GET /api/users/{id}", User(200), async cast => new(null, ("id", (await cast.Owner).Id))),
        Row("GET /api/users", User(200)),
        Row("PUT /api/users/{id}/roles/admin", Admin(204), async cast => new(null, ("id", (await cast.System.RegisterAsync()).Id))),
        Row("DELETE /api/users/{id}/roles/admin", Admin(204), SomeAdmin),
        Row("GET /api/users/me/blocks", User(200)),
        Row("PUT /api/users/me/blocks/{user_id}", User(204), async cast => new(null, ("user_id", (await cast.System.RegisterAsync()).Id))),
        Row("DELETE /api/users/me/blocks/{user_id}", User(204), async cast => new(null, ("user_id", (await cast.System.RegisterAsync()).Id))),
        Row("POST /api/users/{id}/reports", User(202), async cast => new(new { reason = "spam" }, ("id", (await cast.System.RegisterAsync()).Id))),
        Row("GET /api/moderation/cases", Admin(200)),
        Row("GET /api/moderation/cases/{id}", Admin(200), ACase),
        Row("POST /api/moderation/cases/{id}/decision", Admin(200), async cast => await ACase(cast) with { Body = new { action = "dismiss", reason = "Nothing in it" } }),
        Row("PUT /api/users/{id}/suspension", Admin(204), async cast => new(new { reason = "Spam" }, ("id", (await cast.System.RegisterAsync()).Id))),
        Row("DELETE /api/users/{id}/suspension", Admin(204), async cast => new(null, ("id", (await cast.System.RegisterAsync()).Id))),
        Row("GET /api/admin/audit", Admin(200)),
        Row("GET /api/users/me/activity", User(200)),
        Row("GET /api/admin/users", Admin(200)),
        Row("GET /api/admin/users/{id}/sessions", Admin(200), async cast => new(null, ("id", (await cast.Owner).Id))),
        Row("DELETE /api/admin/users/{id}/sessions", Admin(204), async cast => new(null, ("id", (await cast.System.RegisterAsync()).Id))),
    ];

    private static object Registration()
    {
        var name = $"matrix{Interlocked.Increment(ref _number):D6}";
        return new { email = $"{name}@example.org", username = name, password = ExplainoSystem.Password };
    }

    private static object WrongCode(string email) => new { email, code = "000000", new_password = "another battery staple" };

    private static async Task<Member> NewSession(TestActors cast) => await cast.System.SignInAsync(await cast.Owner);

    private static async Task<Target> Session(TestActors cast)
    {
        var owner = await cast.Owner;
        await cast.System.SignInAsync(owner);
        using var response = await owner.Client.GetAsync("/api/auth/sessions");
        var another = (await response.ReadItemsAsync()).First(session => (bool?)session["current"] == false);
        return new(null, ("id", another["id"]!));
    }

    private static async Task<Target> ACase(TestActors cast)
    {
        var (reported, admin) = (await cast.System.RegisterAsync(), await cast.System.AdminAsync());
        using var report = await (await cast.System.RegisterAsync()).PostAsync($"/api/users/{reported.Id}/reports", new { reason = "spam" });
        report.EnsureSuccessStatusCode();
        return new(null, ("id", await Eventually.GetAsync(async () =>
            (await (await admin.Client.GetAsync($"/api/moderation/cases?author_id={reported.Id}")).ReadItemsAsync()).SingleOrDefault()?["id"])));
    }

    private static async Task<Target> Avatar(TestActors cast)
    {
        using var picture = Files.Picture();
        using var set = await (await cast.Owner).Client.PutAsync("/api/users/me/image", picture);
        var address = (string)(await set.ReadObjectAsync())["profile_image"]!;
        return new(null, ("id", (await cast.Owner).Id), ("image_id", address.Split('/')[^1]));
    }

    private static async Task<Target> SomeAdmin(TestActors cast)
    {
        var someone = await cast.System.RegisterAsync();
        using var promoted = await (await cast.System.AdminAsync()).Client.PutAsJsonAsync<object?>($"/api/users/{someone.Id}/roles/admin", null);
        promoted.EnsureSuccessStatusCode();
        return new(null, ("id", someone.Id));
    }
}
