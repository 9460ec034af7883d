using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.JobBoardService.Jobs;

/// <summary>The refusals that several features of a post share.</summary>
internal static class JobProblems
{
    public static ProblemHttpResult NotFound() => Problems.NotFound("job_not_found", "There is no such job.");

    public static ProblemHttpResult NotTheAuthor() => Problems.Forbidden("not_the_author", "Only its author may do this.");

    /// <summary>Does not tell who blocked whom.</summary>
    public static ProblemHttpResult NotReachable() => Problems.Conflict("not_reachable", "One of the two has blocked the other.");

    public static ProblemHttpResult Closed() => Problems.Conflict("job_closed", "The job is closed: it takes no new likes and comments.");

    public static ProblemHttpResult TooManyImages() =>
        Problems.Conflict("too_many_images", $"A job has at most {JobPost.MaximumImages} images, links and uploads together.");
}
