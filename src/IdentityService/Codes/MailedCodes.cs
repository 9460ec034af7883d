using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Explaino.IdentityService.Audit;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Keys;
using Explaino.IdentityService.Mail;
using Explaino.IdentityService.Users;
using Explaino.ServiceData.Audit;
using Explaino.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Codes;

/// <summary>
/// One-time codes that prove that somebody reads a mailbox: good for ten minutes and once. What strangers ask for and guess is counted for them, not
/// for the owner, so that neither guessing nor flooding gets far and nobody is locked out (docs/adr/0024 has the arithmetic).
/// </summary>
/// <remarks>
/// 1. An asker is the network of a request without a token, or the user of one with a token. A newer code replaces the same asker's former one.
/// 2. Each asker may guess wrong five times at a code. Whoever holds the right one may have asked for it from anywhere.
/// 3. Wrong guesses in a row are counted in the user's row, however long ago. At the twentieth all codes of six digits are void, and new ones are of ten
///    characters, until a right one was given.
/// Everything is decided while the user's row is locked.
/// </remarks>
internal sealed class MailedCodes(IdentityDbContext db, SecretBox box, CodeMetrics metrics, AuditLog audit, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>How long a change of the address can be undone.</summary>
    public static readonly TimeSpan UndoLifetime = TimeSpan.FromHours(72);

    /// <summary>How long a code is counted.</summary>
    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Wrong guesses of one asker at one code.</summary>
    public const int MaximumTries = 5;

    /// <summary>Codes of one account and purpose that one asker gets in an hour.</summary>
    public const int MaximumPerHour = 5;

    /// <summary>Codes of one account and purpose that are good at once, whoever asked.</summary>
    public const int MaximumLive = 5;

    /// <summary>Codes of one account and purpose that are mailed in ten minutes, whoever asked.</summary>
    public const int MaximumPerLifetime = 10;

    /// <summary>Wrong guesses in a row at one account's codes of six digits; NIST SP 800-63B allows a hundred.</summary>
    public const int MaximumWrong = 20;

    private const int LongLength = 10;

    // Nothing that is read as something else: 32 characters, five bits each.
    private const string Alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    /// <summary>What the code of such a mail is for; null if it carries none.</summary>
    public static CodePurpose? PurposeOf(OutgoingMail mail) => Enum.TryParse<CodePurpose>(mail.Purpose.ToString(), out var purpose) ? purpose : null;

    /// <summary>The asker of a request that needs no token.</summary>
    public byte[] AskerOf(HttpContext http) => box.Hash($"network {ClientAddress.NetworkOf(http)}");

    /// <summary>The asker of a user's own request.</summary>
    public byte[] AskerOf(Guid userId) => box.Hash($"user {userId:n}");

    /// <returns>The code to mail; null if the user is gone, or was mailed enough of them.</returns>
    public async Task<string?> CreateAsync(Guid userId, OutgoingMail mail, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockUserAsync(userId, cancellationToken) is not { } user)
        {
            return null;
        }

        var (now, asker, purpose) = (clock.GetUtcNow(), mail.Asker ?? [], PurposeOf(mail)!.Value);
        var others = await db.Codes.AsNoTracking()
            .Where(code => code.UserId == userId && code.Purpose == purpose && code.Id != mail.Id && code.MadeAt > now - Hour)
            .ToListAsync(cancellationToken);
        var own = others.FindAll(code => code.Asker.AsSpan().SequenceEqual(asker));
        if (own.Count >= MaximumPerHour
            || others.Count(code => code.MadeAt > now - Lifetime) >= MaximumPerLifetime
            || others.Except(own).Count(code => code.ExpiresAt > now) >= MaximumLive)
        {
            return null;
        }

        var replaced = own.Where(code => code.ExpiresAt > now).Select(code => code.Id).ToList();
        await db.Codes.Where(code => replaced.Contains(code.Id))
            .ExecuteUpdateAsync(update => update.SetProperty(code => code.ExpiresAt, now), cancellationToken);
        await db.Codes.Where(code => code.Id == mail.Id).ExecuteDeleteAsync(cancellationToken);

        // What is good for days is guessed at for days.
        var isLong = user.WrongCodes >= MaximumWrong || purpose == CodePurpose.EmailUndo;
        var text = isLong ? RandomNumberGenerator.GetString(Alphabet, LongLength) : RandomNumberGenerator.GetInt32(1_000_000).ToString("D6");
        db.Codes.Add(new MailedCode
        {
            Id = mail.Id,
            UserId = userId,
            Purpose = purpose,
            Email = mail.UserId is null ? null : mail.Email,
            Asker = asker,
            Hash = Hash(userId, purpose, text),
            IsLong = isLong,
            MadeAt = now,
            ExpiresAt = now + (purpose == CodePurpose.EmailUndo ? UndoLifetime : Lifetime),
        });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return isLong ? $"{text[..(LongLength / 2)]}-{text[(LongLength / 2)..]}" : text;
    }

    /// <summary>
    /// Uses up the code if it is right, and one of the asker's guesses if not. Inside the caller's transaction, in which the user is locked, and which
    /// is to be saved and committed either way.
    /// </summary>
    public async Task<bool> TryUseAsync(User user, CodePurpose purpose, string text, byte[] asker, CancellationToken cancellationToken) =>
        await UseAsync(user, purpose, text, asker, cancellationToken) is not null;

    /// <summary>Makes worthless whatever was mailed to the user, but for one purpose.</summary>
    public Task VoidAsync(Guid userId, CodePurpose except, CancellationToken cancellationToken) =>
        db.Codes.Where(code => code.UserId == userId && code.Purpose != except).ExecuteDeleteAsync(cancellationToken);

    /// <summary>As <see cref="TryUseAsync"/>, with the code that was right.</summary>
    public async Task<MailedCode?> UseAsync(User user, CodePurpose purpose, string text, byte[] asker, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var live = await db.Codes.Include(code => code.Tries.Where(tries => tries.Asker == asker))
            .Where(code => code.UserId == user.Id && code.Purpose == purpose && code.ExpiresAt > now)
            .ToListAsync(cancellationToken);
        var open = live.FindAll(code => code.Tries.Sum(tries => tries.Wrong) < MaximumTries);
        var hash = Hash(user.Id, purpose, text);
        if (open.Find(code => CryptographicOperations.FixedTimeEquals(code.Hash, hash)) is { } right)
        {
            user.WrongCodes = 0;

            // Whoever undoes a later change does not take from the owner the undoing of an earlier one.
            await db.Codes.Where(code => code.UserId == user.Id && code.Purpose == purpose && (purpose != CodePurpose.EmailUndo || code.MadeAt >= right.MadeAt))
                .ExecuteDeleteAsync(cancellationToken);

            // Deleted already, so that nobody deletes them again together with their user.
            live.ForEach(code => db.Entry(code).State = EntityState.Detached);
            return right;
        }

        metrics.CountWrong(purpose);
        if (open.Count > 0)
        {
            // Where there is no code to guess nothing is refused to anybody, however often they try.
            db.AuditEntries.Add(audit.Refused(ActionOf(purpose), user.Id));
            await CountWrongAsync(user, open, asker, cancellationToken);
        }

        return null;
    }

    private async Task CountWrongAsync(User user, List<MailedCode> open, byte[] asker, CancellationToken cancellationToken)
    {
        foreach (var code in open)
        {
            if (code.Tries is [var tries])
            {
                tries.Wrong++;
            }
            else
            {
                code.Tries.Add(new CodeTries { CodeId = code.Id, Asker = asker, Wrong = 1 });
            }
        }

        user.WrongCodes++;
        await db.SaveChangesAsync(cancellationToken);
        if (user.WrongCodes >= MaximumWrong)
        {
            await db.Codes.Where(code => code.UserId == user.Id && !code.IsLong).ExecuteDeleteAsync(cancellationToken);
        }
    }

    private static string ActionOf(CodePurpose purpose) => purpose switch
    {
        CodePurpose.PasswordReset => AuditActions.PasswordReset,
        CodePurpose.EmailVerification => AuditActions.EmailVerification,
        CodePurpose.AccountDeletion => AuditActions.Deletion,
        CodePurpose.EmailChange => AuditActions.EmailChange,
        CodePurpose.EmailUndo => AuditActions.EmailChangeUndo,
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), purpose, "It proves nothing."),
    };

    private byte[] Hash(Guid userId, CodePurpose purpose, string text)
    {
        var code = text.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        return box.Hash($"{userId:n} {purpose} {code}");
    }
}

/// <summary>How many mailed codes are guessed wrong: many are somebody who tries one account after the other.</summary>
internal sealed class CodeMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _wrong = meters.Create("Explaino.Identity")
        .CreateCounter<long>("explaino.identity.wrong_codes", "{code}", "Wrong codes that were given, by purpose.");

    public void CountWrong(CodePurpose purpose) => _wrong.Add(1, new KeyValuePair<string, object?>("purpose", purpose.ToString()));
}
