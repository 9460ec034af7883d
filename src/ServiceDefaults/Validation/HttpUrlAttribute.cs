using System.ComponentModel.DataAnnotations;
using Microsoft.OpenApi;

namespace Explaino.ServiceDefaults.Validation;

/// <summary>An absolute http or https address of at most 500 characters without user info (docs/contract.md#1-conventions); absent is fine.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class HttpUrlAttribute : ValidationAttribute, ISchemaRule
{
    public const int MaximumLength = 500;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is string text && Refuse(text) is { } violation ? new(violation) : ValidationResult.Success;

    public void Describe(OpenApiSchema schema) => DescribeUrl(schema);

    /// <summary>The same rule for an element of a list.</summary>
    public static Violation? Refuse(string? text) => text is not null && IsHttpUrl(text) && text.Length <= MaximumLength ? null : new(
        text?.Length > MaximumLength ? "too_long" : "not_a_url",
        $"Must be an absolute http or https address of at most {MaximumLength} characters, without user info.",
        Max: MaximumLength);

    private static bool IsHttpUrl(string text) =>
        !text.Any(character => char.IsControl(character) || char.IsWhiteSpace(character))
        && (text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        && Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Host.Length > 0
        && uri.UserInfo.Length == 0
        && !uri.Authority.Contains('@', StringComparison.Ordinal);

    public static void DescribeUrl(OpenApiSchema schema) => (schema.Format, schema.MaxLength) = ("uri", MaximumLength);
}
