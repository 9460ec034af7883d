using Explaino.IdentityService.Audit;
using Explaino.IdentityService.Blocks;
using Explaino.IdentityService.Codes;
using Explaino.IdentityService.Keys;
using Explaino.IdentityService.Mail;
using Explaino.IdentityService.Moderation;
using Explaino.IdentityService.Passwords;
using Explaino.IdentityService.Sessions;
using Explaino.IdentityService.Users;
using Explaino.ServiceData.Idempotency;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceData.Reports;
using Explaino.ServiceData.Search;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Data;

/// <summary>IdentityService's own database.</summary>
public sealed class IdentityDbContext(DbContextOptions<IdentityDbContext> options) : ServiceDbContext(options)
{
    public DbSet<User> Users => Set<User>();

    public DbSet<Block> Blocks => Set<Block>();

    public DbSet<UserImage> UserImages => Set<UserImage>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<KnownDevice> KnownDevices => Set<KnownDevice>();

    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    public DbSet<SessionRevocation> RevokedSessions => Set<SessionRevocation>();

    public DbSet<LoginAttempt> LoginAttempts => Set<LoginAttempt>();

    public DbSet<MailedCode> Codes => Set<MailedCode>();

    public DbSet<OutgoingMail> Mails => Set<OutgoingMail>();

    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    public DbSet<ModerationCase> Cases => Set<ModerationCase>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder
        .HasTextSearch()
        .HasBlockVersions()
        .ApplyConfigurationsFromAssembly(typeof(IdentityDbContext).Assembly)
        .ApplyConfiguration(new IdempotencyKeyConfiguration())
        .ApplyConfiguration(new ReportConfiguration())
        .ApplyConfiguration(new OutboxMessageConfiguration());
}
