using Explaino.IdentityService.Codes;
using Explaino.IdentityService.Data;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Mail;

/// <summary>
/// Sends the mails that were wished for, behind the requests: these take the same time whether or not there is such a user, and whether or not the
/// mail server answers.
/// </summary>
/// <remarks>
/// 1. One due row is taken by moving its next attempt away, so that no other instance takes it. 2. A code is made for its user, if there is one and has
/// not had too many. 3. The mail is sent, and the row deleted. If sending fails, the row is due again later, with a new code, for a day.
/// </remarks>
internal sealed class MailSender(
    IServiceScopeFactory scopes, Mailbox mailbox, MailSignal signal, TimeProvider clock, ILogger<MailSender> logger) : BackgroundService
{
    private const int MaximumAttempts = 12;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await SendNextAsync(stoppingToken))
                {
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("A mail could not be sent; it is tried again: {Reason}", e.GetBaseException().Message);
            }

            await signal.WaitAsync(Pause, clock, stoppingToken);
        }
    }

    /// <returns>Whether there was one.</returns>
    private async Task<bool> SendNextAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDbContext>();
        var now = clock.GetUtcNow();
        var taken = await db.Mails.FromSql(
            $"""
            UPDATE mails SET attempts = attempts + 1, next_attempt_at = {now} + interval '30 seconds' * power(2, least(attempts, 8))
            WHERE id = (SELECT id FROM mails WHERE next_attempt_at <= {now} ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING *
            """).AsNoTracking().ToListAsync(cancellationToken);
        if (taken is not [var mail])
        {
            return false;
        }

        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.NormalizedEmail == mail.Email, cancellationToken);
        if (user is not null && mail.Attempts <= MaximumAttempts
            && await scope.ServiceProvider.GetRequiredService<MailedCodes>().CreateAsync(user.Id, mail, cancellationToken) is { } code)
        {
            var (subject, reason) = Describe(mail.Purpose);
            await mailbox.SendAsync(user.Email, subject, Text(code, reason), cancellationToken);
        }

        await db.Mails.Where(row => row.Id == mail.Id).ExecuteDeleteAsync(cancellationToken);
        return true;
    }

    private static (string Subject, string Reason) Describe(CodePurpose purpose) => purpose switch
    {
        CodePurpose.PasswordReset => ("Reset your Explaino password", "to choose a new password"),
        CodePurpose.EmailVerification => ("Confirm your Explaino email address", "to confirm your email address"),
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), purpose, "No mail is written for this."),
    };

    private static string Text(string code, string reason) =>
        $"""
        Your code {reason}:

            {code}

        It is good for ten minutes. If you did not ask for it, ignore this mail.
        """;
}
