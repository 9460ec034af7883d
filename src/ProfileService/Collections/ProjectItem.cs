using System.ComponentModel.DataAnnotations;
using Explaino.ServiceDefaults.Validation;
using Microsoft.Extensions.Validation;

namespace Explaino.ProfileService.Collections;

[ValidatableType]
public sealed record ProjectRequest(
    [property: Required, Text(200, MinimumLength = 1)] string? Name,
    [property: Text(2000, Multiline = true)] string? Description,
    [property: HttpUrl] string? Url,
    DateOnly? StartDate,
    [property: NotBefore(nameof(ProjectRequest.StartDate))] DateOnly? EndDate);

internal sealed record ProjectResponse(Guid Id, string Name, string? Description, string? Url, DateOnly? StartDate, DateOnly? EndDate);

internal abstract class ProjectItem : CollectionItem<ProjectRequest, ProjectResponse>
{
    public string Name { get; private set; } = "";

    public string? Description { get; private set; }

    public string? Url { get; private set; }

    public DateOnly? StartDate { get; private set; }

    public DateOnly? EndDate { get; private set; }

    public override void Apply(ProjectRequest request)
    {
        Name = request.Name!;
        Description = request.Description;
        Url = request.Url;
        StartDate = request.StartDate;
        EndDate = request.EndDate;
    }

    public override ProjectResponse ToResponse() => new(Id, Name, Description, Url, StartDate, EndDate);
}
