using System.Buffers;
using System.Reflection;
using System.Text;
using Explaino.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace Explaino.JobBoardService.Jobs;

/// <summary>A page of posts, put together from what is rendered already; on the wire a <see cref="Page{T}"/> of <see cref="JobResponse"/>.</summary>
/// <param name="jobs">In their order; left out is what is not rendered.</param>
internal sealed class JobPage(IReadOnlyList<ListedJob> jobs, IReadOnlyDictionary<Guid, JsonTemplate> rendered, string? nextCursor) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Describe<Ok<Page<JobResponse>>>(method, builder);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        WriteTo(httpContext.Response.BodyWriter);
        await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }

    private void WriteTo(IBufferWriter<byte> body)
    {
        body.Write("{\"items\":["u8);
        var separator = ""u8;
        foreach (var job in jobs)
        {
            if (rendered.TryGetValue(job.Id, out var template))
            {
                body.Write(separator);
                template.WriteTo(body, job.LikeCount, job.CommentCount, job.LikedByMe);
                separator = ","u8;
            }
        }

        // A cursor is base64url: there is nothing to escape.
        body.Write("],\"next_cursor\":"u8);
        body.Write(nextCursor is null ? "null"u8 : Encoding.UTF8.GetBytes($"\"{nextCursor}\""));
        body.Write("}"u8);
    }

    private static void Describe<T>(MethodInfo method, EndpointBuilder builder) where T : IEndpointMetadataProvider => T.PopulateMetadata(method, builder);
}
