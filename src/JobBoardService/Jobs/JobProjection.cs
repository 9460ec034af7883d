using System.Linq.Expressions;
using Explaino.JobBoardService.Images;
using Explaino.ServiceData.People;

namespace Explaino.JobBoardService.Jobs;

/// <summary>A post that a query found, with what its place in the list depends on.</summary>
/// <remarks>Every member is set by every query: for one that is not, Entity Framework reads the whole post, its text index included, to find the default.</remarks>
internal sealed class FoundJob
{
    public required JobPost Post { get; init; }

    /// <summary>Who asks.</summary>
    public required Guid Caller { get; init; }

    /// <summary>See <see cref="Jobs.PublicAddress"/>.</summary>
    public required string PublicAddress { get; init; }

    /// <summary>How well it matches, in a ranked list.</summary>
    public required float Rank { get; init; }

    /// <summary>How many liked it when the list's first page was read, in a list of the most popular.</summary>
    public required int LikeCount { get; init; }

    /// <summary>The database's snapshot of that moment.</summary>
    public required string? Snapshot { get; init; }
}

/// <summary>The projection by which whole jobs are read: all that the answer shows, and the version of its author.</summary>
internal sealed record JobProjection(JobResponse Job, long AuthorVersion)
{
    // One tree for all queries, compiled ones too: what changes from request to request is a member of what was found.
    public static readonly Expression<Func<FoundJob, JobProjection>> From = found => new JobProjection(
        new JobResponse(
            found.Post.Id,
            new PersonResponse(
                found.Post.Author.Id,
                found.Post.Author.Username,
                found.Post.Author.FirstName,
                found.Post.Author.LastName,
                found.Post.Author.ProfileImage,
                found.Post.Author.DeletedAt != null),
            found.Post.Title,
            found.Post.Description,
            found.Post.Company,
            found.Post.Location,
            found.Post.EmploymentType,
            found.Post.Workplace,
            found.Post.ApplyUrl,
            found.Post.Tags,
            found.Post.Images.OrderBy(image => image.Position)
                .Select(image => new JobImageResponse(
                    image.Id, image.Url ?? JobPostImage.AddressOf(found.PublicAddress, image.PostId, image.Id), image.Width, image.Height, image.Placeholder))
                .ToList(),
            found.Post.Counts.LikeCount,
            found.Post.Counts.CommentCount,
            found.Post.Likes.Any(like => like.UserId == found.Caller),
            found.Post.CreatedAt,
            found.Post.UpdatedAt,
            found.Post.ClosesAt),
        found.Post.Author.Version);

    private static readonly Func<FoundJob, JobProjection> FromMemory = From.Compile();

    /// <summary>A post that was just written, by the person whom the statement found; nobody has liked it.</summary>
    public static JobResponse OfNew(JobPost post, PostAttempt author, PublicAddress address)
    {
        post.Author = new() { Id = post.AuthorId, Username = author.Username, FirstName = author.FirstName, LastName = author.LastName, ProfileImage = author.ProfileImage };
        return FromMemory(new() { Post = post, Caller = post.AuthorId, PublicAddress = address.Value, Rank = 0, LikeCount = 0, Snapshot = null }).Job;
    }
}

/// <summary>The gateway's address, without a slash at its end: what absolute addresses in answers begin with.</summary>
internal sealed record PublicAddress(string Value);
