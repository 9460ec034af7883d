using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Framework = System.ComponentModel.DataAnnotations;

namespace Explaino.ServiceDefaults.Validation;

// The framework's rules, said as violations.

/// <summary>Required member: absent, or blank where it is text.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class RequiredMemberAttribute : Framework.RequiredAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) => base.IsValid(value)
        ? ValidationResult.Success
        : new(new Violation(value is string ? "blank" : "required", FormatErrorMessage(validationContext.DisplayName)));
}

/// <summary>Range of a number.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class NumberRangeAttribute : Framework.RangeAttribute
{
    public NumberRangeAttribute(int minimum, int maximum)
        : base(minimum, maximum)
    {
    }

    public NumberRangeAttribute(Type type, string minimum, string maximum)
        : base(type, minimum, maximum)
    {
    }

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) => base.IsValid(value)
        ? ValidationResult.Success
        : new(new Violation("out_of_range", FormatErrorMessage(validationContext.DisplayName), Number(Minimum), Number(Maximum)));

    private static long Number(object limit) => Convert.ToInt64(limit, CultureInfo.InvariantCulture);
}

/// <summary>How many elements a list has.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class ListLengthAttribute(int minimum, int maximum) : Framework.LengthAttribute(minimum, maximum)
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) => base.IsValid(value)
        ? ValidationResult.Success
        : new(new Violation(
            value is System.Collections.ICollection { Count: var count } && count < MinimumLength ? "too_short" : "too_many",
            $"Must be {MinimumLength} to {MaximumLength}.",
            MinimumLength,
            MaximumLength));
}

/// <summary>Length of what is no text of people, like a cursor.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class TextLengthAttribute(int maximum) : Framework.StringLengthAttribute(maximum)
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) => base.IsValid(value)
        ? ValidationResult.Success
        : new(Violation.OfLength(((string)value!).Length, MinimumLength, MaximumLength));
}
