using System.ComponentModel.DataAnnotations;
using Microsoft.OpenApi;

namespace Explaino.ServiceDefaults.Validation;

/// <summary>
/// A rule for each element of a list of text, and for how many there may be; absent is fine. What is wrong is said of the element (<c>tags[2]</c>,
/// docs/contract.md#1-conventions): the framework keeps one sentence a member, so that each line of it begins with the element's index, which
/// <see cref="PathOf"/> moves into the path.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class ElementsAttribute(int maximumCount) : ValidationAttribute, ISchemaRule
{
    /// <returns>What is wrong with one element, a <see cref="Violation"/>; null if nothing is.</returns>
    protected abstract string? Refusal(string? element);

    /// <summary>Says the rule for one element in its schema.</summary>
    protected abstract void DescribeElement(OpenApiSchema element);

    public void Describe(OpenApiSchema schema)
    {
        schema.MaxItems = maximumCount;
        DescribeElement((OpenApiSchema)schema.Items!);
    }

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is not IReadOnlyList<string?> elements)
        {
            return ValidationResult.Success;
        }

        if (elements.Count > maximumCount)
        {
            return new(new Violation("too_many", $"Must be at most {maximumCount}.", Max: maximumCount));
        }

        var lines = elements.Select(Refusal).Index().Where(line => line.Item is not null).Select(line => $"[{line.Index}] {line.Item}").ToList();
        return lines.Count == 0 ? ValidationResult.Success : new(string.Join('\n', lines));
    }

    /// <summary>Takes a line apart into the path of what it is about, and the sentence.</summary>
    internal static (string Path, string Sentence) PathOf(string member, string line) =>
        line.StartsWith('[') && line.IndexOf("] ", StringComparison.Ordinal) is > 0 and var end
            ? (member + line[..(end + 1)], line[(end + 2)..])
            : (member, line);
}
