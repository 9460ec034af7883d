using Explaino.ServiceDefaults.Validation;
using Microsoft.Extensions.Validation;

namespace Explaino.ProfileService.Collections;

[ValidatableType]
public sealed record EducationRequest(
    [property: RequiredMember, Text(200, MinimumLength = 1)] string? Institution,
    [property: Text(200)] string? Degree,
    [property: Text(200)] string? FieldOfStudy,
    PartialDate? StartDate,
    [property: NotBefore(nameof(EducationRequest.StartDate))] PartialDate? EndDate,
    [property: Text(2000, Multiline = true)] string? Description);

internal sealed record EducationResponse(
    Guid Id, string Institution, string? Degree, string? FieldOfStudy, PartialDate? StartDate, PartialDate? EndDate, string? Description);

internal abstract class EducationItem : CollectionItem<EducationRequest, EducationResponse>
{
    public string Institution { get; private set; } = "";

    public string? Degree { get; private set; }

    public string? FieldOfStudy { get; private set; }

    public DateOnly? StartDate { get; private set; }

    public string? StartDateSaid { get; private set; }

    public DateOnly? EndDate { get; private set; }

    public string? EndDateSaid { get; private set; }

    public string? Description { get; private set; }

    public override void Apply(EducationRequest request)
    {
        Institution = request.Institution!;
        Degree = request.Degree;
        FieldOfStudy = request.FieldOfStudy;
        (StartDate, StartDateSaid) = PartialDate.Start(request.StartDate);
        (EndDate, EndDateSaid) = PartialDate.End(request.EndDate);
        Description = request.Description;
    }

    public override EducationResponse ToResponse() => new(
        Id,
        Institution,
        Degree,
        FieldOfStudy,
        PartialDate.Of(StartDate, StartDateSaid),
        PartialDate.Of(EndDate, EndDateSaid),
        Description);
}
