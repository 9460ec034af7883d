using System.ComponentModel.DataAnnotations;

namespace Explaino.ProfileService.Collections;

/// <summary>An end whose last day does not lie before the first day of its start, another member; open ends are fine.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotBeforeAttribute(string other) : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is PartialDate end
        && validationContext.ObjectType.GetProperty(other)!.GetValue(validationContext.ObjectInstance) is PartialDate start
        && end.Last < start.First
            ? new ValidationResult($"Must not be before {start}.")
            : ValidationResult.Success;
}
