using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.IdentityService.Passwords;

/// <summary>One password tried for one account, which need not exist; gone once the right one was given.</summary>
public sealed class LoginTry
{
    public required Guid Id { get; init; }

    /// <summary>A hash of the email address: the table keeps no list of what was typed.</summary>
    public required byte[] Account { get; init; }

    public required DateTimeOffset TriedAt { get; init; }

    /// <summary>False while the password is still being looked at.</summary>
    public bool Failed { get; init; }
}

internal sealed class LoginTryConfiguration : IEntityTypeConfiguration<LoginTry>
{
    public void Configure(EntityTypeBuilder<LoginTry> builder)
    {
        builder.ToTable("login_failures");
        builder.HasIndex(login => new { login.Account, login.TriedAt }).HasDatabaseName("ix_login_failures_account_tried_at");
        builder.HasIndex(login => login.TriedAt).HasDatabaseName("ix_login_failures_tried_at");
    }
}
