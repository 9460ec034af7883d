using Explaino.ServiceDefaults.Validation;
using Microsoft.Extensions.Validation;

namespace Explaino.ProfileService.Collections;

/// <summary>A job or an internship.</summary>
[ValidatableType]
public sealed record EmploymentRequest(
    [property: RequiredMember, Text(200, MinimumLength = 1)] string? Company,
    [property: RequiredMember, Text(200, MinimumLength = 1)] string? Title,
    [property: Text(200)] string? Location,
    PartialDate? StartDate,
    [property: NotBefore(nameof(EmploymentRequest.StartDate))] PartialDate? EndDate,
    [property: Text(2000, Multiline = true)] string? Description);

internal sealed record EmploymentResponse(
    Guid Id, string Company, string Title, string? Location, PartialDate? StartDate, PartialDate? EndDate, string? Description);

internal abstract class EmploymentItem : CollectionItem<EmploymentRequest, EmploymentResponse>
{
    public string Company { get; private set; } = "";

    public string Title { get; private set; } = "";

    public string? Location { get; private set; }

    public DateOnly? StartDate { get; private set; }

    public string? StartDateSaid { get; private set; }

    public DateOnly? EndDate { get; private set; }

    public string? EndDateSaid { get; private set; }

    public string? Description { get; private set; }

    public override void Apply(EmploymentRequest request)
    {
        Company = request.Company!;
        Title = request.Title!;
        Location = request.Location;
        (StartDate, StartDateSaid) = PartialDate.Start(request.StartDate);
        (EndDate, EndDateSaid) = PartialDate.End(request.EndDate);
        Description = request.Description;
    }

    public override EmploymentResponse ToResponse() => new(
        Id,
        Company,
        Title,
        Location,
        PartialDate.Of(StartDate, StartDateSaid),
        PartialDate.Of(EndDate, EndDateSaid),
        Description);
}
