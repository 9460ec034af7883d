using System.ComponentModel.DataAnnotations;
using Explaino.ServiceDefaults.Validation;

namespace Explaino.ProfileService.Certificates;

public sealed record CertificateRequest(
    [property: RequiredMember, Text(200, MinimumLength = 1)] string? Title,
    [property: RequiredMember, Text(200, MinimumLength = 1)] string? Issuer,
    [property: RequiredMember, NotInFuture] DateOnly? IssueDate,
    [property: RequiredMember, HttpUrl] string? CertificateUrl);

internal sealed record CertificateResponse(
    Guid Id,
    Guid UserId,
    string Title,
    string Issuer,
    DateOnly IssueDate,
    string CertificateUrl,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static CertificateResponse From(Certificate certificate) => new(
        certificate.Id,
        certificate.UserId,
        certificate.Title,
        certificate.Issuer,
        certificate.IssueDate,
        certificate.CertificateUrl,
        certificate.CreatedAt,
        certificate.UpdatedAt);
}

/// <summary>A date that has come somewhere: a date has no zone, and the day begins at UTC+14.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotInFutureAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var today = DateOnly.FromDateTime(validationContext.GetRequiredService<TimeProvider>().GetUtcNow().ToOffset(TimeSpan.FromHours(14)).Date);
        return value is DateOnly date && date > today ? new ValidationResult(new Violation("in_the_future", "Must not be in the future.")) : ValidationResult.Success;
    }
}
