using System.ComponentModel.DataAnnotations;
using Explaino.ServiceDefaults.Validation;

namespace Explaino.ServiceMedia.Pictures;

/// <summary>The sizes in which a picture can be had: its longest side, in pixels. A smaller picture stays as it is.</summary>
public static class PictureSize
{
    public const int Largest = 2048;

    /// <summary>For the OpenAPI document.</summary>
    public const string Description = "The longest side in pixels: 64, 128, 256, 512, 1024, or 2048 if it is left out; a smaller image stays as it is.";

    public static readonly IReadOnlyList<int> All = [64, 128, 256, 512, 1024, Largest];
}

/// <summary>One of <see cref="PictureSize.All"/>; absent is fine.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PictureSizeAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is null || (value is int size && PictureSize.All.Contains(size))
            ? ValidationResult.Success
            : new(new Violation("not_a_word", $"Must be one of {string.Join(", ", PictureSize.All)}."));
}
