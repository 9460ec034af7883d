using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;
using static Explaino.Security.Tests.Authorization.Rules;

namespace Explaino.Security.Tests.Authorization;

internal static class ProfileRows
{
    private static readonly Dictionary<string, Func<object>> Collections = new()
    {
        ["skills"] = Named,
        ["education"] = () => new { institution = "Analytical Society" },
        ["tech-stack"] = Named,
        ["languages"] = Named,
        ["frameworks"] = Named,
        ["communication-skills"] = Named,
        ["certifications"] = Named,
        ["projects"] = Named,
        ["soft-skills"] = Named,
        ["hobbies"] = Named,
        ["experience"] = Employment,
        ["internships"] = Employment,
    };

    public static readonly Row[] All =
    [
        Row("GET /api/specializations", Anyone(200)),
        Row("POST /api/specializations", Admin(201), Named),
        Row("GET /api/specializations/{id}", Anyone(200), Specialization),
        Row("PUT /api/specializations/{id}", Admin(200), Specialization),
        Row("DELETE /api/specializations/{id}", Admin(204), Specialization),
        Row("GET /api/profiles", User(200)),
        Row("GET /api/profiles/{user_id}", User(200), Profile),
        Row("GET /api/profiles/{user_id}/resume.json", User(200), Profile),
        Row("PATCH /api/profiles/me", User(200), new { headline = "Explains" }),
        Row("GET /api/profiles/{user_id}/specializations", Anyone(200), Profile),
        Row("POST /api/profiles/me/specializations", User(201), async cast => new(new { specialization_id = await NewSpecialization(cast) })),
        Row("DELETE /api/profiles/me/specializations/{specialization_id}", Own(204, 404), OwnSpecialization),
        Row("GET /api/profiles/{user_id}/certificates", Anyone(200), Profile),
        Row("GET /api/profiles/{user_id}/certificates/{id}", Anyone(200), Certificate),
        Row("POST /api/profiles/me/certificates", User(201), NewCertificate),
        Row("PUT /api/profiles/me/certificates/{id}", Own(200, 404), Certificate),
        Row("DELETE /api/profiles/me/certificates/{id}", Own(204, 404), Certificate),
        Row("GET /api/profiles/{user_id}/resume", User(200), Resume),
        Row("GET /api/profiles/{user_id}/resume/file", User(200), Resume),
        Row("PUT /api/profiles/me/resume", User(200), Files.Resume),
        Row("DELETE /api/profiles/me/resume", Own(204, 404), Resume),
        .. Collections.SelectMany(collection => RowsOf(collection.Key, collection.Value)),
    ];

    private static Row[] RowsOf(string collection, Func<object> item)
    {
        async Task<Target> Item(TestActors cast) => await Owned(cast, $"/api/profiles/me/{collection}", item());

        return
        [
            Row($"GET /api/profiles/{{user_id}}/{collection}", User(200), Profile),
            Row($"GET /api/profiles/{{user_id}}/{collection}/{{id}}", User(200), Item),
            Row($"POST /api/profiles/me/{collection}", User(201), item),
            Row($"PUT /api/profiles/me/{collection}", User(200), () => new[] { item() }),
            Row($"PUT /api/profiles/me/{collection}/{{id}}", Own(200, 404), Item),
            Row($"DELETE /api/profiles/me/{collection}/{{id}}", Own(204, 404), Item),
        ];
    }

    private static async Task<Target> Profile(TestActors cast)
    {
        var owner = await cast.Owner;
        using var made = await owner.Client.PatchAsJsonAsync("/api/profiles/me", new { headline = "Explains" });
        await made.ReadObjectAsync();
        return new(null, ("user_id", owner.Id));
    }

    private static async Task<Target> Owned(TestActors cast, string path, object body)
    {
        var made = await cast.PostAsync(Who.Owner, path, body);
        return new(body, ("user_id", (await cast.Owner).Id), ("id", made["id"]!));
    }

    private static Task<Target> Certificate(TestActors cast) => Owned(cast, "/api/profiles/me/certificates", NewCertificate());

    private static async Task<Target> Resume(TestActors cast)
    {
        var owner = await cast.Owner;
        using var uploaded = await owner.Client.PutAsync("/api/profiles/me/resume", Files.Resume());
        await uploaded.ReadObjectAsync();
        return new(null, ("user_id", owner.Id));
    }

    private static async Task<JsonNode> NewSpecialization(TestActors cast) => (await cast.PostAsAdminAsync("/api/specializations", Named()))["id"]!;

    private static async Task<Target> Specialization(TestActors cast) => new(Named(), ("id", await NewSpecialization(cast)));

    private static async Task<Target> OwnSpecialization(TestActors cast)
    {
        var id = await NewSpecialization(cast);
        await cast.PostAsync(Who.Owner, "/api/profiles/me/specializations", new { specialization_id = id });
        return new(null, ("specialization_id", id));
    }

    private static object Named() => new { name = TestActors.Name("Matrix") };

    private static object Employment() => new { company = "Engines Ltd", title = "Programmer" };

    private static object NewCertificate() => new { title = "Engines", issuer = "Babbage", issue_date = "1843-01-01", certificate_url = "https://example.org/" };
}
