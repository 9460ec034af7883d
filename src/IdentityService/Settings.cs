using Explaino.IdentityService.Keys;
using Explaino.IdentityService.Mail;
using Explaino.IdentityService.Passwords;
using Explaino.IdentityService.Users;
using MimeKit;

namespace Explaino.IdentityService;

/// <summary>This service's settings, their defaults in Development, and what is refused at start.</summary>
internal static class Settings
{
    public static WebApplicationBuilder AddSettings(this WebApplicationBuilder builder)
    {
        var development = builder.Environment.IsDevelopment();

        builder.Services.AddOptions<KeyOptions>()
            .Configure(keys => keys.EncryptionKey = development ? KeyOptions.DevelopmentEncryptionKey : "")
            .BindConfiguration("Keys")
            .Validate(keys => keys.DecodedEncryptionKey is not null, "Keys:EncryptionKey must be set to 32 bytes in base64.")
            .Validate(
                keys => development || keys.EncryptionKey != KeyOptions.DevelopmentEncryptionKey,
                "Keys:EncryptionKey must not be the one of Development, which everybody knows.")
            .Validate(keys => keys.RotationPeriod > 2 * KeyRotation.Announcement, "Keys:RotationPeriod must be more than two days.")
            .ValidateOnStart();

        builder.Services.AddOptions<PasswordOptions>()
            .BindConfiguration("Passwords")
            .Validate(
                passwords => passwords.MemorySize >= (development ? 8 : PasswordOptions.MinimumMemorySize),
                $"Passwords:MemorySize must be at least {PasswordOptions.MinimumMemorySize} KiB.")
            .Validate(
                passwords => passwords.Passes >= (development ? 1 : PasswordOptions.MinimumPasses),
                $"Passwords:Passes must be at least {PasswordOptions.MinimumPasses}.")
            .Validate(passwords => passwords.MaximumWaiting > 0, "Passwords:MaximumWaiting must be above zero.")
            .ValidateOnStart();

        builder.Services.AddOptions<TermsOptions>()
            .BindConfiguration("Terms")
            .Validate(terms => terms.Version is null or { Length: <= TermsOptions.MaximumLength }, $"Terms:Version must have at most {TermsOptions.MaximumLength} characters.")
            .ValidateOnStart();

        builder.Services.AddOptions<AdminOptions>()
            .Configure(admin => (admin.Email, admin.Password) = development ? ("admin@explaino.local", "Admin-Passw0rd!") : (null, null))
            .BindConfiguration("Admin")
            .ValidateDataAnnotations()
            .ValidateOnStart();

        builder.Services.AddOptions<MailOptions>()
            .Configure(mail => mail.Mode = development ? MailMode.Pickup : MailMode.Smtp)
            .BindConfiguration("Mail")
            .Validate(mail => mail.Mode == MailMode.Pickup || mail.Host.Length > 0, "Mail:Host must be set where Mail:Mode is smtp.")
            .Validate(mail => MailboxAddress.TryParse(mail.From, out var from) && from.Address.Contains('@'), "Mail:From must be an email address.")
            .ValidateOnStart();

        return builder;
    }
}
