using System.Linq.Expressions;

namespace Explaino.SampleService.Samples;

/// <summary>The sample as its owner sees it.</summary>
internal sealed record SampleResponse(Guid UserId, DateTimeOffset CreatedAt)
{
    public static readonly Expression<Func<Sample, SampleResponse>> From = sample => new(sample.UserId, sample.CreatedAt);
}
