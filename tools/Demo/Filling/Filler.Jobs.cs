using Explaino.Demo.Community;
using Explaino.Demo.Pictures;

namespace Explaino.Demo.Filling;

/// <summary>Job posts, and what others say about them.</summary>
internal sealed partial class Filler
{
    private async Task PostJobAsync(JobPost post, CancellationToken cancellationToken)
    {
        var author = _members[post.Author];
        var job = (await author.ListAsync($"/api/jobs?author_id={author.Id}", cancellationToken)).FirstOrDefault(job => (string)job["title"]! == post.Title);
        Totals.Count("job posts", job is null);
        job ??= (await author.PostAsync(
            "/api/jobs",
            new
            {
                post.Title,
                post.Description,
                post.Author.Company,
                Location = post.Author.City,
                post.EmploymentType,
                post.Workplace,
                post.Tags,
            },
            cancellationToken,
            Draw.Id(post.Name))).Body!;
        var id = _jobs[post] = (string)job["id"]!;

        var present = job["images"]!.AsArray().Count;
        for (var number = present; number < post.Pictures; number++)
        {
            using var picture = Picture($"{post.Name} {number}", isPng: (post.Author.Number + number) % 2 == 0);
            await author.SendAsync(HttpMethod.Post, $"/api/jobs/{id}/images", picture, cancellationToken);
        }

        Totals.Count("images of posts", Math.Max(0, post.Pictures - present), Math.Min(present, post.Pictures));
    }

    private static HttpContent Picture(string name, bool isPng)
    {
        var landscape = new Landscape(name);
        return isPng ? Gateway.File(Png.Of(landscape), "view.png", "image/png") : Gateway.File(Jpeg.Of(landscape), "view.jpg", "image/jpeg");
    }

    private async Task ReactAsync(IGrouping<JobPost, Reaction> reactions, CancellationToken cancellationToken)
    {
        var path = $"/api/jobs/{_jobs[reactions.Key]}";
        var likes = (await _admin.ListAsync($"{path}/likes", cancellationToken)).Select(author => (string)author["id"]!).ToHashSet();
        var comments = (await _admin.ListAsync($"{path}/comments", cancellationToken))
            .Select(comment => ((string)comment["author"]!["id"]!, (string)comment["content"]!)).ToHashSet();
        foreach (var (person, post, comment) in reactions)
        {
            var member = _members[person];
            if (!likes.Contains(member.Id))
            {
                await member.SendAsync(HttpMethod.Put, $"{path}/like", null, cancellationToken);
            }

            Totals.Count("likes", !likes.Contains(member.Id));
            if (comment is null)
            {
                continue;
            }

            var missing = !comments.Contains((member.Id, comment));
            if (missing)
            {
                await member.PostAsync($"{path}/comments", new { content = comment }, cancellationToken, Draw.Id($"{person.Username} on {post.Name}"));
            }

            Totals.Count("comments", missing);
        }
    }
}
