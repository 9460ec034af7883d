using System.Security.Claims;
using Explaino.SampleService.Data;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.SampleService.Samples;

/// <summary>A user's own sample.</summary>
internal static class SampleEndpoints
{
    public static void MapSamples(this IEndpointRouteBuilder api)
    {
        var samples = api.MapGroup("/samples").WithTags("Samples");
        samples.MapGet("/me", GetMine).WithName(nameof(GetMine)).WithSummary("Get your own sample").WithETag();
    }

    private static async Task<Results<Ok<SampleResponse>, ProblemHttpResult>> GetMine(
        ClaimsPrincipal user, SampleDbContext db, CancellationToken cancellationToken) =>
        await db.Samples.Where(sample => sample.UserId == user.Id() && sample.DeletedAt == null).Select(SampleResponse.From)
            .SingleOrDefaultAsync(cancellationToken) is { } mine
            ? TypedResults.Ok(mine)
            : Problems.NotFound("sample_not_found", "There is no such sample, or not yet.").RetryAfter(TimeSpan.FromSeconds(1));
}
