using System.ComponentModel.DataAnnotations;
using Microsoft.OpenApi;

namespace Explaino.ServiceDefaults.Validation;

/// <summary>An absolute http or https address of at most 500 characters without user info (docs/contract.md#1-conventions); absent is fine.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class HttpUrlAttribute() : ValidationAttribute("Must be an absolute http or https address of at most 500 characters, without user info."), ISchemaRule
{
    public const int MaximumLength = 500;

    public override bool IsValid(object? value) => value is null || (value is string text && IsHttpUrl(text));

    public void Describe(OpenApiSchema schema) => DescribeUrl(schema);

    /// <summary>The same rule for an element of a list.</summary>
    public static bool IsHttpUrl(string text) =>
        text.Length <= MaximumLength
        && !text.Any(character => char.IsControl(character) || char.IsWhiteSpace(character))
        && (text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        && Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Host.Length > 0
        && uri.UserInfo.Length == 0
        && !uri.Authority.Contains('@', StringComparison.Ordinal);

    public static void DescribeUrl(OpenApiSchema schema) => (schema.Format, schema.MaxLength) = ("uri", MaximumLength);
}
