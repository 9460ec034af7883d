using System.Globalization;

namespace Explaino.ServiceDefaults.Validation;

/// <summary>Truncation of text that is kept as far as there is room, such as names of files and of user agents.</summary>
public static class TextShortening
{
    /// <summary>
    /// At most so many UTF-16 code units from the start, cut between characters as people see them: half a character of two is no text, and no database
    /// takes it.
    /// </summary>
    public static string Shortened(this string text, int maximumLength)
    {
        if (text.Length <= maximumLength)
        {
            return text;
        }

        var cut = 0;
        while (cut + StringInfo.GetNextTextElementLength(text, cut) is var next && next <= maximumLength)
        {
            cut = next;
        }

        return text[..cut];
    }
}
