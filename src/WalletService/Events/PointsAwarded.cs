using System.ComponentModel.DataAnnotations;
using Explaino.ServiceDefaults.Validation;
using Explaino.WalletService.Wallets;
using MassTransit;

namespace Explaino.WalletService.Events;

/// <summary>Any service's event as this service reads it; see docs/events/points-awarded.v1.json.</summary>
[MessageUrn("explaino:points-awarded:v1", useDefaultPrefix: false)]
[EntityName("explaino.points-awarded.v1")]
public sealed record PointsAwarded(
    Guid EventId,
    Guid UserId,
    [property: Range(WalletRules.MinimumAmount, WalletRules.MaximumAmount)] int Amount,
    [property: Required, Text(WalletRules.ReasonLength, MinimumLength = 1)] string Reason);
