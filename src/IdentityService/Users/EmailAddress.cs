using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Explaino.IdentityService.Users;

/// <summary>
/// Email addresses as the public internet can deliver to: a local part in ASCII, and a domain that is kept and compared as A-labels (IDNA), however it was
/// typed.
/// </summary>
internal static partial class EmailAddress
{
    public const int MaximumLength = 255;

    private const int MaximumLocalLength = 64;
    private static readonly IdnMapping Domains = new() { UseStd3AsciiRules = true };

    /// <returns>The address as it is kept; null if it is none.</returns>
    public static string? Canonical(string text)
    {
        var at = text.LastIndexOf('@');
        return at is > 0 and <= MaximumLocalLength && LocalPart().IsMatch(text[..at])
            && ToAscii(text[(at + 1)..]) is { } domain && at + 1 + domain.Length <= MaximumLength
            ? $"{text[..at]}@{domain}"
            : null;
    }

    /// <summary>What addresses are found by. What is none is nobody's.</summary>
    public static string Normalize(string text) => User.Normalize(Canonical(text) ?? text);

    private static string? ToAscii(string domain)
    {
        try
        {
            var ascii = Ascii.IsValid(domain) ? domain : Domains.GetAscii(domain.ToLowerInvariant());

            // A last label of digits alone is an IPv4 address, or looks like one.
            return Domain().IsMatch(ascii) && !ascii[(ascii.LastIndexOf('.') + 1)..].All(char.IsAsciiDigit) ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex("""^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\z""", RegexOptions.NonBacktracking)]
    private static partial Regex LocalPart();

    [GeneratedRegex("""^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\z""", RegexOptions.NonBacktracking)]
    private static partial Regex Domain();
}
