using System.Linq.Expressions;
using Explaino.ServiceData.People;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Validation;
using Microsoft.Extensions.Validation;

#pragma warning disable ASP0029 // [ValidatableType] is how MergePatcher finds these rules.

namespace Explaino.JobBoardService.Comments;

/// <summary>Everything of a comment that its author says.</summary>
[ValidatableType]
public sealed record CommentRequest([property: RequiredMember, Text(500, Multiline = true)] string? Content);

/// <summary>A comment as everybody sees it.</summary>
internal sealed record CommentResponse(
    Guid Id, Guid JobId, PersonResponse Author, string Content, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt) : IPartlyEditable
{
    object IPartlyEditable.Editable => Content;

    public static readonly Expression<Func<JobPostComment, CommentResponse>> Projection = comment => new CommentResponse(
        comment.Id,
        comment.PostId,
        new PersonResponse(
            comment.User.Id,
            comment.User.Username,
            comment.User.FirstName,
            comment.User.LastName,
            comment.User.ProfileImage,
            comment.User.DeletedAt != null),
        comment.Content,
        comment.CreatedAt,
        comment.UpdatedAt);

    /// <summary>A comment that was just written, by the person whom the statement found.</summary>
    public static CommentResponse OfNew(JobPostComment comment, CommentAttempt author) => new(
        comment.Id,
        comment.PostId,
        new(comment.UserId, author.Username, author.FirstName, author.LastName, author.ProfileImage),
        comment.Content,
        comment.CreatedAt,
        comment.UpdatedAt);
}
