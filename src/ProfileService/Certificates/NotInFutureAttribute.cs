using System.ComponentModel.DataAnnotations;

namespace Explaino.ProfileService.Certificates;

/// <summary>A date that has come, in UTC.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotInFutureAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var today = DateOnly.FromDateTime(validationContext.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime);
        return value is DateOnly date && date > today ? new ValidationResult("Must not be in the future.") : ValidationResult.Success;
    }
}
