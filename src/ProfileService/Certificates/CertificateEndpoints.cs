using System.Security.Claims;
using Explaino.ProfileService.Data;
using Explaino.ProfileService.Profiles;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ProfileService.Certificates;

internal static class CertificateEndpoints
{
    public static void MapCertificates(this IEndpointRouteBuilder profiles)
    {
        var open = profiles.MapGroup("/{userId:guid}/certificates").WithTags("Certificates").AllowAnonymous();
        open.MapGet("/", ListCertificates).WithName(nameof(ListCertificates)).WithSummary("List the certificates of a user, newest issue date first");
        open.MapGet("/{id:guid}", GetCertificate).WithName(nameof(GetCertificate)).WithSummary("Get a certificate").WithETag();

        var mine = profiles.MapGroup("/me/certificates").WithTags("Certificates");
        mine.MapPost("/", AddCertificate).WithName(nameof(AddCertificate)).WithSummary("Add a certificate");
        mine.MapPut("/{id:guid}", ReplaceCertificate).WithName(nameof(ReplaceCertificate)).WithSummary("Replace a certificate").HonoursIfMatch();
        mine.MapDelete("/{id:guid}", DeleteCertificate).WithName(nameof(DeleteCertificate)).WithSummary("Delete a certificate").HonoursIfMatch();
    }

    private static async Task<Results<Ok<Page<CertificateResponse>>, ProblemHttpResult>> ListCertificates(
        Guid userId, [AsParameters] PageRequest page, ClaimsPrincipal user, ProfileDbContext db, CancellationToken cancellationToken)
    {
        var list = $"certificates/{userId}";
        if (!page.TryRead<Key>(list, out var after, out var refusal))
        {
            return refusal;
        }

        var query = db.Certificates.AsNoTracking().Where(certificate => certificate.UserId == userId);
        if (after is not null)
        {
            query = query.Where(certificate => certificate.IssueDate < after.IssueDate
                || (certificate.IssueDate == after.IssueDate && certificate.Id < after.Id));
        }

        var rows = await query
            .OrderByDescending(certificate => certificate.IssueDate).ThenByDescending(certificate => certificate.Id)
            .TakePage(page)
            .ToListAsync(cancellationToken);
        if (rows.Count == 0 && await db.RefuseUnlessKnownAsync(userId, user, cancellationToken) is { } unknown)
        {
            return unknown;
        }

        return TypedResults.Ok(rows.ConvertAll(CertificateResponse.From).ToPage(page, list, row => new Key(row.IssueDate, row.Id)));
    }

    private static async Task<Results<Ok<CertificateResponse>, ProblemHttpResult>> GetCertificate(
        Guid userId, Guid id, ProfileDbContext db, CancellationToken cancellationToken) =>
        await db.Certificates.AsNoTracking().SingleOrDefaultAsync(certificate => certificate.Id == id && certificate.UserId == userId, cancellationToken)
            is { } certificate ? TypedResults.Ok(CertificateResponse.From(certificate)) : NotFound();

    private static async Task<Results<Created<CertificateResponse>, ProblemHttpResult>> AddCertificate(
        CertificateRequest request, ClaimsPrincipal user, ProfileDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.HoldProfileAsync(user, clock, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var now = clock.GetUtcNow();
        var certificate = new Certificate
        {
            Id = Guid.CreateVersion7(),
            UserId = user.Id(),
            Title = request.Title!,
            Issuer = request.Issuer!,
            IssueDate = request.IssueDate!.Value,
            CertificateUrl = request.CertificateUrl!,
            CreatedAt = now,
            UpdatedAt = now,
        };
        db.Add(certificate);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        return TypedResults.Created($"/api/profiles/{certificate.UserId}/certificates/{certificate.Id}", CertificateResponse.From(certificate));
    }

    private static async Task<Results<Ok<CertificateResponse>, ProblemHttpResult>> ReplaceCertificate(
        Guid id,
        CertificateRequest request,
        HttpRequest http,
        ClaimsPrincipal user,
        ProfileDbContext db,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if ((await HoldAsync(id, http, user, db, clock, cancellationToken)).IsProblem(out var problem, out var certificate))
        {
            return problem;
        }

        certificate.Title = request.Title!;
        certificate.Issuer = request.Issuer!;
        certificate.IssueDate = request.IssueDate!.Value;
        certificate.CertificateUrl = request.CertificateUrl!;
        if (db.ChangeTracker.HasChanges())
        {
            certificate.UpdatedAt = clock.GetUtcNow();
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        return TypedResults.Ok(CertificateResponse.From(certificate));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteCertificate(
        Guid id, HttpRequest http, ClaimsPrincipal user, ProfileDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if ((await HoldAsync(id, http, user, db, clock, cancellationToken)).IsProblem(out var problem, out var certificate))
        {
            return problem;
        }

        db.Remove(certificate);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<ProblemOr<Certificate>> HoldAsync(
        Guid id, HttpRequest http, ClaimsPrincipal user, ProfileDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await db.HoldProfileAsync(user, clock, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var userId = user.Id();
        var certificate = await db.Certificates.SingleOrDefaultAsync(row => row.Id == id && row.UserId == userId, cancellationToken);
        return certificate is null ? NotFound()
            : http.ForbidsChange(CertificateResponse.From(certificate)) ? Problems.PreconditionFailed()
            : certificate;
    }

    private static ProblemHttpResult NotFound() => Problems.NotFound("certificate_not_found", "There is no such certificate.");

    private sealed record Key(DateOnly IssueDate, Guid Id);
}
