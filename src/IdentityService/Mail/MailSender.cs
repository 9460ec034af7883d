using System.Runtime.CompilerServices;
using Explaino.IdentityService.Codes;
using Explaino.IdentityService.Data;
using Explaino.ServiceData;
using MailKit.Net.Smtp;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Explaino.IdentityService.Mail;

/// <summary>
/// The mail queue's worker: sends behind the requests, which take the same time whether or not there is such a user, and whether or not the mail server
/// answers.
/// </summary>
/// <remarks>
/// 1. One due row is taken by a lease: its next attempt moves away, so that no other instance takes it. 2. A code is made for its user, if there is one
/// and has not had too many. 3. The mail is sent, and the row deleted. If sending fails, the row is due again later, with a new code, for a day. A few
/// are on their way at a time, so that a server that hangs holds its own recipients only.
/// </remarks>
internal sealed class MailSender(
    IServiceScopeFactory scopes, MailTransport transport, IOptions<MailOptions> options, MailSignal signal, TimeProvider clock,
    ILogger<MailSender> logger) : BackgroundService
{
    private const int MaximumAttempts = 12;
    private const int AtATime = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Parallel.ForEachAsync(
        DueAsync(stoppingToken),
        new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = stoppingToken },
        TrySendAsync);

    /// <summary>Takes a row only when somebody is free to send it.</summary>
    private async IAsyncEnumerable<OutgoingMail> DueAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryTakeAsync(cancellationToken) is { } mail)
            {
                yield return mail;
            }
            else
            {
                await signal.WaitAsync(Pause, clock, cancellationToken);
            }
        }
    }

    private async Task<OutgoingMail?> TryTakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var now = clock.GetUtcNow();
            var taken = await scope.ServiceProvider.GetRequiredService<IdentityDbContext>().Mails.FromSql(
                $"""
                UPDATE mails SET attempts = attempts + 1, next_attempt_at = {now} + interval '30 seconds' * power(2, least(attempts, 8))
                WHERE id = (SELECT id FROM mails WHERE next_attempt_at <= {now} ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
                RETURNING *
                """).AsNoTracking().ToListAsync(cancellationToken);
            return taken.SingleOrDefault();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning(e, "Due mails could not be looked for; it is tried again");
            return null;
        }
    }

    private async ValueTask TrySendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(mail, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Without the exception: the text of a refusal names the recipient.
            logger.LogWarning("A mail could not be sent; it is tried again: {Type} {Status}", e.GetType().Name, (int?)(e as SmtpCommandException)?.StatusCode);
        }
    }

    private async Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDbContext>();
        if (mail.Attempts <= MaximumAttempts && await WriteAsync(db, scope.ServiceProvider.GetRequiredService<MailedCodes>(), mail, cancellationToken) is { } message)
        {
            await transport.SendAsync(message, cancellationToken);
        }

        // Also while the process stops: what was sent is not to be sent again.
        await db.Mails.Where(row => row.Id == mail.Id).ExecuteDeleteAsync(CancellationToken.None);
    }

    /// <returns>Null if there is nobody to write to, or they were mailed enough codes.</returns>
    private async Task<MimeMessage?> WriteAsync(IdentityDbContext db, MailedCodes codes, OutgoingMail mail, CancellationToken cancellationToken)
    {
        var (from, now) = (MailboxAddress.Parse(options.Value.From), clock.GetUtcNow());
        var owner = await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.NormalizedEmail == mail.Email, cancellationToken);
        if (MailedCodes.PurposeOf(mail) is not { } purpose)
        {
            return owner is null ? null : AccountMail.Notice(from, owner.Email, mail.Purpose, mail.Detail, now);
        }

        if (mail.Purpose == MailPurpose.EmailChange && owner is not null)
        {
            return owner.Id == mail.UserId ? null : AccountMail.Notice(from, owner.Email, MailPurpose.EmailTaken, null, now);
        }

        return (mail.UserId ?? owner?.Id) is { } userId && await codes.CreateAsync(userId, mail, cancellationToken) is { } code
            ? AccountMail.Code(from, mail.UserId is null ? owner!.Email : mail.Email, purpose, code, now)
            : null;
    }
}

/// <summary>Wakes this process's <see cref="MailSender"/> when a mail was stored.</summary>
internal sealed class MailSignal : WakeSignal;
