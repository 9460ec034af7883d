using System.ComponentModel.DataAnnotations;
using Explaino.ServiceDefaults.Validation;
using Microsoft.Extensions.Validation;

namespace Explaino.ProfileService.Collections;

[ValidatableType]
public sealed record EducationRequest(
    [property: Required, Text(200, MinimumLength = 1)] string? Institution,
    [property: Text(200)] string? Degree,
    [property: Text(200)] string? FieldOfStudy,
    DateOnly? StartDate,
    [property: NotBefore(nameof(EducationRequest.StartDate))] DateOnly? EndDate,
    [property: Text(2000, Multiline = true)] string? Description);

internal sealed record EducationResponse(
    Guid Id, string Institution, string? Degree, string? FieldOfStudy, DateOnly? StartDate, DateOnly? EndDate, string? Description);

internal abstract class EducationItem : CollectionItem<EducationRequest, EducationResponse>
{
    public string Institution { get; private set; } = "";

    public string? Degree { get; private set; }

    public string? FieldOfStudy { get; private set; }

    public DateOnly? StartDate { get; private set; }

    public DateOnly? EndDate { get; private set; }

    public string? Description { get; private set; }

    public override void Apply(EducationRequest request)
    {
        Institution = request.Institution!;
        Degree = request.Degree;
        FieldOfStudy = request.FieldOfStudy;
        StartDate = request.StartDate;
        EndDate = request.EndDate;
        Description = request.Description;
    }

    public override EducationResponse ToResponse() => new(Id, Institution, Degree, FieldOfStudy, StartDate, EndDate, Description);
}
