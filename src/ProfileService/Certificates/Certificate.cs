namespace Explaino.ProfileService.Certificates;

/// <summary>A certificate that somebody shows to everyone.</summary>
internal sealed class Certificate
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public required string Title { get; set; }

    public required string Issuer { get; set; }

    public required DateOnly IssueDate { get; set; }

    public required string CertificateUrl { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }
}
