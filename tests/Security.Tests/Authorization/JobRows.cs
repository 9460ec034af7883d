using System.Text.Json.Nodes;
using static Explaino.Security.Tests.Authorization.Rules;

namespace Explaino.Security.Tests.Authorization;

internal static class JobRows
{
    private static readonly object NewJob = new { title = "Explain engines", description = "To anybody." };
    private static readonly object Report = new { reason = "spam" };
    private static readonly object Comment = new { content = "I would." };

    public static readonly Row[] All =
    [
        Row("POST /api/jobs", User(201), NewJob),
        Row("GET /api/jobs", User(200)),
        Row("GET /api/jobs/{id}", User(200), Job),
        Row("PATCH /api/jobs/{id}", Own(200, 403), Job),
        Row("DELETE /api/jobs/{id}", Own(204, 403, admin: 204), Job),
        Row("PUT /api/jobs/{id}/like", User(200), Job),
        Row("DELETE /api/jobs/{id}/like", User(200), Job),
        Row("GET /api/jobs/{id}/likes", User(200), Job),
        Row("POST /api/jobs/{id}/comments", User(201), JobToComment),
        Row("GET /api/jobs/{id}/comments", User(200), Job),

        Row("GET /api/jobs/{id}/comments/{comment_id}", User(200), CommentOnAnothersJob),

        // The owner wrote the comment, the participant the job.
        Row("PATCH /api/jobs/{id}/comments/{comment_id}", new(401, 403, 403, null, 200, 403), CommentOnAnothersJob),
        Row("DELETE /api/jobs/{id}/comments/{comment_id}", new(401, 403, 204, null, 204, 204), CommentOnAnothersJob),
        Row("POST /api/jobs/{id}/reports", User(202), async cast => await Job(cast) with { Body = Report }),
        Row("POST /api/jobs/{id}/comments/{comment_id}/reports", User(202), async cast => await CommentOnAnothersJob(cast) with { Body = Report }),
        Row("POST /api/jobs/{id}/images", Own(201, 403), JobToShow),
        Row("GET /api/jobs/{id}/images/{image_id}", Anyone(200), Image),
        Row("DELETE /api/jobs/{id}/images/{image_id}", Own(204, 403), Image),
    ];

    private static async Task<JsonNode> JobOf(TestActors cast, Who author) => (await cast.PostAsync(author, "/api/jobs", NewJob))["id"]!;

    private static async Task<Target> Job(TestActors cast) => new(new { title = "Explain looms" }, ("id", await JobOf(cast, Who.Owner)));

    private static async Task<Target> JobToComment(TestActors cast) => await Job(cast) with { Body = Comment };

    private static async Task<Target> JobToShow(TestActors cast) => await Job(cast) with { Body = Files.Picture() };

    private static async Task<Target> CommentOnAnothersJob(TestActors cast)
    {
        var job = await JobOf(cast, Who.Participant);
        var comment = await cast.PostAsync(Who.Owner, $"/api/jobs/{job}/comments", Comment);
        return new(Comment, ("id", job), ("comment_id", comment["id"]!));
    }

    private static async Task<Target> Image(TestActors cast)
    {
        var job = await JobOf(cast, Who.Owner);
        var image = await cast.PostAsync(Who.Owner, $"/api/jobs/{job}/images", Files.Picture());
        return new(null, ("id", job), ("image_id", image["id"]!));
    }
}
