using Explaino.IdentityService.Data;
using Explaino.IdentityService.Passwords;
using Explaino.ServiceData.Moderation;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.Reports;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Explaino.IdentityService.Users;

internal static class RegistrationEndpoints
{
    public static void MapRegistration(this IEndpointRouteBuilder api) =>
        api.MapPost("/auth/register", Register).AllowAnonymous().WithTags("Users").WithName(nameof(Register)).WithSummary("Register a user");

    private static async Task<Results<Created<UserResponse>, ProblemHttpResult>> Register(
        RegisterRequest request, IdentityDbContext db, PasswordHashing hashing, IOptions<TermsOptions> terms, ContentTerms words, TimeProvider clock, CancellationToken cancellationToken)
    {
        if ((terms.Value.Refuse(request.AcceptedTerms) ?? words.Refuse(UserTexts.Of(request))) is { } refusal)
        {
            return refusal;
        }

        var hash = await hashing.HashAsync(request.Password!, cancellationToken);
        var now = clock.GetUtcNow();
        var user = new User
        {
            Id = Guid.CreateVersion7(now),
            Email = EmailAddress.Canonical(request.Email!)!,
            Username = request.Username!,
            Password = hash,
            PasswordStamp = Guid.CreateVersion7(now),
            FirstName = request.FirstName,
            LastName = request.LastName,
            PhoneNumber = PhoneNumberAttribute.WithPlus(request.PhoneNumber),
            Bio = request.Bio,
            ProfileImage = request.ProfileImage,
            AcceptedTerms = request.AcceptedTerms,
            CreatedAt = now,
            UpdatedAt = now,
        };

        db.Users.Add(user);
        db.Outbox.Enqueue(user.ToCreated(), user.Id, clock);
        if (words.Flags(UserTexts.Of(request)))
        {
            db.Outbox.Flag(UserTexts.Reported(user), clock);
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken); // the user and its event commit together
        }
        catch (DbUpdateException refused) when (refused.ViolatesUniqueness())
        {
            return await db.ExplainConflictAsync(user, cancellationToken);
        }

        return TypedResults.Created($"/api/users/{user.Id}", UserResponse.From(user));
    }
}
