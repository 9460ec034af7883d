using System.ComponentModel.DataAnnotations;
using Explaino.IdentityService.Audit;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Passwords;
using Explaino.ServiceData.Audit;
using Explaino.ServiceData.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Explaino.IdentityService.Users;

/// <summary>The <c>Admin</c> section of configuration (docs/contract.md#8-settings).</summary>
internal sealed class AdminOptions : IValidatableObject
{
    public string? Email { get; set; }

    public string? Password { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Email is null && Password is null)
        {
            yield break;
        }

        if (Email is null || !new EmailAttribute().IsValid(Email))
        {
            yield return new("Admin:Email must be an email address.");
        }

        if (Password is null || PasswordRules.Refuse(Password, Email, FirstAdmin.Username) is not null)
        {
            yield return new("Admin:Password must be set, and be what is accepted as a password.");
        }
    }
}

/// <summary>Bootstrap of the first admin: made when there is none, as soon as the database is there; of several instances one does.</summary>
internal sealed class FirstAdmin(
    IServiceScopeFactory scopes, IOptions<AdminOptions> options, PasswordHashing hashing, AuditLog audit, TimeProvider clock, ILogger<FirstAdmin> logger)
    : BackgroundService
{
    public const string Username = "administrator";

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value is not { Email: { } email, Password: { } password })
        {
            return;
        }

        while (true)
        {
            try
            {
                await EnsureAsync(email, password, stoppingToken);
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(e, "The first admin could not be made yet; it is tried again");
                await Task.Delay(RetryInterval, clock, stoppingToken);
            }
        }
    }

    private async Task EnsureAsync(string email, string password, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDbContext>();
        if (await db.Users.AnyAsync(user => user.IsAdmin, cancellationToken))
        {
            return;
        }

        var hash = await hashing.HashAsync(password, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockAdminsAsync(cancellationToken);
        if (await db.Users.AnyAsync(user => user.IsAdmin, cancellationToken))
        {
            return;
        }

        var now = clock.GetUtcNow();
        var user = new User
        {
            Id = Guid.CreateVersion7(now),
            Email = EmailAddress.Canonical(email)!,
            Username = Username,
            Password = hash,
            PasswordStamp = Guid.CreateVersion7(now),
            EmailVerified = true,
            IsAdmin = true,
            CreatedAt = now,
            UpdatedAt = now,
        };
        db.Users.Add(user);
        db.Outbox.Enqueue(user.ToCreated(), user.Id, clock);
        db.AuditEntries.Add(audit.DoneBySystem(AuditActions.AdminGrant, user.Id));
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            logger.LogInformation("The first admin was made.");
        }
        catch (DbUpdateException refused) when (refused.ViolatesUniqueness())
        {
            // Whoever registered that address or name must not become an admin by it.
            logger.LogError(refused, "No admin was made: somebody else has the email address of Admin:Email or the username {Username}.", Username);
        }
    }
}
