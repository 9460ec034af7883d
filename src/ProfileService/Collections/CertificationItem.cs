using Explaino.ServiceDefaults.Validation;
using Microsoft.Extensions.Validation;

namespace Explaino.ProfileService.Collections;

[ValidatableType]
public sealed record CertificationRequest(
    [property: RequiredMember, Text(200, MinimumLength = 1)] string? Name,
    [property: Text(200)] string? Issuer,
    PartialDate? IssuedOn,
    [property: NotBefore(nameof(CertificationRequest.IssuedOn))] PartialDate? ExpiresOn,
    [property: HttpUrl] string? Url);

internal sealed record CertificationResponse(Guid Id, string Name, string? Issuer, PartialDate? IssuedOn, PartialDate? ExpiresOn, string? Url);

internal abstract class CertificationItem : CollectionItem<CertificationRequest, CertificationResponse>
{
    public string Name { get; private set; } = "";

    public string? Issuer { get; private set; }

    public DateOnly? IssuedOn { get; private set; }

    public string? IssuedOnSaid { get; private set; }

    public DateOnly? ExpiresOn { get; private set; }

    public string? ExpiresOnSaid { get; private set; }

    public string? Url { get; private set; }

    public override void Apply(CertificationRequest request)
    {
        Name = request.Name!;
        Issuer = request.Issuer;
        (IssuedOn, IssuedOnSaid) = PartialDate.Start(request.IssuedOn);
        (ExpiresOn, ExpiresOnSaid) = PartialDate.End(request.ExpiresOn);
        Url = request.Url;
    }

    public override CertificationResponse ToResponse() => new(
        Id,
        Name,
        Issuer,
        PartialDate.Of(IssuedOn, IssuedOnSaid),
        PartialDate.Of(ExpiresOn, ExpiresOnSaid),
        Url);
}
