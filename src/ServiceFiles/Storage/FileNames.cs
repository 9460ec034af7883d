using Explaino.ServiceDefaults.Validation;

namespace Explaino.ServiceFiles.Storage;

/// <summary>Names of uploaded files: to be shown and offered, never to be used as a path.</summary>
public static class FileNames
{
    private const int MaximumLength = 255;

    /// <summary>The name offered for a file: as its owner calls it, ending in the extension of its content, by which systems open it.</summary>
    /// <param name="fallback">What a file is called that came without a name.</param>
    public static string WithExtension(string name, string extension, string fallback)
    {
        var stem = name.EndsWith(extension, StringComparison.OrdinalIgnoreCase) ? name[..^extension.Length] : name;
        return (stem.Length == 0 ? fallback : stem).Shortened(MaximumLength - extension.Length) + extension;
    }

    /// <summary>The last segment of a path, without what would hide what it ends in: control characters and those that turn the reading direction.</summary>
    public static string Shown(string path) =>
        new string([.. path[(path.LastIndexOfAny(['/', '\\']) + 1)..].Where(character => !char.IsControl(character) && !TurnsDirection(character))]).Trim();

    /// <summary>The file name of a Content-Disposition as browsers and curl write it: a backslash escapes a quote or a backslash, and nothing else.</summary>
    internal static string Unescape(string quoted) =>
        (quoted is ['"', .. var inner, '"'] ? inner : quoted).Replace("\\\\", "\\", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal);

    private static bool TurnsDirection(char character) => character is '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
