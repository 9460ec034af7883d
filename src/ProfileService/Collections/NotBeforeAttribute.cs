using System.ComponentModel.DataAnnotations;

namespace Explaino.ProfileService.Collections;

/// <summary>A date that does not lie before that of another member; open ends are fine.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotBeforeAttribute(string other) : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is DateOnly date
        && validationContext.ObjectType.GetProperty(other)!.GetValue(validationContext.ObjectInstance) is DateOnly start
        && date < start
            ? new ValidationResult($"Must not be before {start:yyyy-MM-dd}.")
            : ValidationResult.Success;
}
