using System.Text.Json;
using Explaino.JobBoardService.Data;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Explaino.JobBoardService.Jobs;

/// <summary>
/// Fragment cache: the JSON of posts, by their versions, with holes for counts and the reader's like (docs/adr/0061). What a list shows is asked of the database at every
/// request; only what has not changed since it was read is not read and written again.
/// </summary>
internal sealed class RenderedJobs(IOptions<JsonOptions> json) : IDisposable
{
    private const long MaximumBytes = 8 << 20;

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MaximumBytes });

    /// <summary>The posts' fragments, by their ids; without those that were deleted since they were found.</summary>
    public async Task<Dictionary<Guid, JsonTemplate>> ReadAsync(JobBoardDbContext db, IReadOnlyList<ListedJob> jobs, PublicAddress address, CancellationToken cancellationToken)
    {
        var found = new Dictionary<Guid, JsonTemplate>(jobs.Count);
        var missing = new List<Guid>();
        foreach (var job in jobs)
        {
            if (_cache.TryGetValue(job.Id, out Fragment? fragment) && fragment!.Version == job.Version)
            {
                found[job.Id] = fragment.Template;
            }
            else
            {
                missing.Add(job.Id);
            }
        }

        if (missing.Count > 0)
        {
            await foreach (var read in db.ReadJobs([.. missing], address).WithCancellation(cancellationToken))
            {
                found[read.Job.Id] = Keep(read);
            }
        }

        return found;
    }

    public void Dispose() => _cache.Dispose();

    private JsonTemplate Keep(JobProjection read)
    {
        var options = json.Value.SerializerOptions;
        var template = JsonTemplate.Of(
            JsonSerializer.SerializeToUtf8Bytes(read.Job, options),
            Name(nameof(JobResponse.LikeCount)), Name(nameof(JobResponse.CommentCount)), Name(nameof(JobResponse.LikedByMe)));
        var version = new JobVersion(read.Job.UpdatedAt, read.AuthorVersion, read.Job.Author.Deleted);
        _cache.Set(read.Job.Id, new Fragment(version, template), new MemoryCacheEntryOptions { Size = template.Length, SlidingExpiration = TimeSpan.FromMinutes(10) });
        return template;

        string Name(string member) => options.PropertyNamingPolicy!.ConvertName(member);
    }

    private sealed record Fragment(JobVersion Version, JsonTemplate Template);
}
