using Explaino.ServiceDefaults.Validation;
using Microsoft.Extensions.Validation;

namespace Explaino.ProfileService.Collections;

[ValidatableType]
public sealed record ProjectRequest(
    [property: RequiredMember, Text(200, MinimumLength = 1)] string? Name,
    [property: Text(2000, Multiline = true)] string? Description,
    [property: HttpUrl] string? Url,
    PartialDate? StartDate,
    [property: NotBefore(nameof(ProjectRequest.StartDate))] PartialDate? EndDate);

internal sealed record ProjectResponse(Guid Id, string Name, string? Description, string? Url, PartialDate? StartDate, PartialDate? EndDate);

internal abstract class ProjectItem : CollectionItem<ProjectRequest, ProjectResponse>
{
    public string Name { get; private set; } = "";

    public string? Description { get; private set; }

    public string? Url { get; private set; }

    public DateOnly? StartDate { get; private set; }

    public string? StartDateSaid { get; private set; }

    public DateOnly? EndDate { get; private set; }

    public string? EndDateSaid { get; private set; }

    public override void Apply(ProjectRequest request)
    {
        Name = request.Name!;
        Description = request.Description;
        Url = request.Url;
        (StartDate, StartDateSaid) = PartialDate.Start(request.StartDate);
        (EndDate, EndDateSaid) = PartialDate.End(request.EndDate);
    }

    public override ProjectResponse ToResponse() => new(
        Id,
        Name,
        Description,
        Url,
        PartialDate.Of(StartDate, StartDateSaid),
        PartialDate.Of(EndDate, EndDateSaid));
}
