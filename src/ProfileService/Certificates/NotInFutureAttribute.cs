using System.ComponentModel.DataAnnotations;

namespace Explaino.ProfileService.Certificates;

/// <summary>A date that has come somewhere: a date has no zone, and the day begins at UTC+14.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotInFutureAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var today = DateOnly.FromDateTime(validationContext.GetRequiredService<TimeProvider>().GetUtcNow().ToOffset(TimeSpan.FromHours(14)).Date);
        return value is DateOnly date && date > today ? new ValidationResult("Must not be in the future.") : ValidationResult.Success;
    }
}
