using System.ComponentModel.DataAnnotations;
using Explaino.ServiceData.Audit;
using Explaino.WalletService.Data;
using Explaino.WalletService.Events;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Explaino.WalletService.Wallets;

/// <summary>
/// Credits an award once per event id. One that arrives before its user's <c>UserCreated</c> opens the wallet itself; one that breaks a rule
/// ends in the error queue, for an operator to decide.
/// </summary>
internal sealed class CreditOnPointsAwarded(WalletDbContext db, WalletOpening opening, Ledger ledger, AuditLog audit, TimeProvider clock) : IConsumer<PointsAwarded>
{
    public async Task Consume(ConsumeContext<PointsAwarded> context)
    {
        var award = context.Message with { Reason = context.Message.Reason?.Trim()! };
        Validator.ValidateObject(award, new ValidationContext(award), validateAllProperties: true);

        await using var transaction = await db.Database.BeginTransactionAsync(context.CancellationToken);
        if (!await opening.TryOpenAsync(award.UserId, context.CancellationToken)
            || await db.Transactions.AnyAsync(existing => existing.EventId == award.EventId, context.CancellationToken))
        {
            return;
        }

        // Two deliveries at once come both this far; the unique index refuses the second, whose retry finds the first.
        var movement = await ledger.AwardAsync(award.UserId, award.Amount, award.Reason, award.EventId, context.CancellationToken);
        if (movement.Refusal is { } refusal)
        {
            throw new InvalidOperationException($"The award {award.EventId} cannot be credited: {refusal}.");
        }

        db.Outbox.Enqueue(audit.DoneBySystem(AuditActions.Award, award.UserId), clock);
        await db.SaveChangesAsync(context.CancellationToken);
        await transaction.CommitAsync(context.CancellationToken);
    }
}
