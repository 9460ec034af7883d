namespace Explaino.JobBoardService.Images;

/// <summary>An image of a post and where to get it.</summary>
internal sealed record JobImageResponse(Guid Id, string Url);
