using System.Text;

namespace Explaino.ServiceDefaults.Text;

/// <summary>Case folding: how names and tags are compared, and how the blanks inside them are kept.</summary>
public static class TextFolding
{
    private const int FullWidth = 0xFEE0;

    /// <summary>
    /// What two texts in NFC have in common that differ at most in case, blanks or width, by Unicode's full case folding (CaseFolding.txt, C and F). To
    /// be compared and looked up, never to be shown.
    /// </summary>
    public static string Key(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in OneBlank(text).EnumerateRunes())
        {
            _ = Unfolded(rune.Value) is { } letters
                ? folded.Append(letters)
                : folded.Append(Rune.ToLowerInvariant(Rune.ToUpperInvariant(Narrow(rune))).ToString());
        }

        return folded.ToString();
    }

    /// <summary>The text without white space around it, and with one blank for each run of it inside.</summary>
    public static string OneBlank(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    // Those that fold to more than one; the rest of them exist composed only, and keep their one form in NFC.
    private static string? Unfolded(int character) => character switch
    {
        'ß' or 'ẞ' => "ss",
        'İ' => "i\u0307",
        'ŉ' => "ʼn",
        'և' => "եւ",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' or 'ﬆ' => "st",
        _ => null,
    };

    private static Rune Narrow(Rune rune) => rune.Value is >= 0xFF01 and <= 0xFF5E ? new Rune(rune.Value - FullWidth) : rune;
}
