using System.Globalization;
using System.Text;

namespace Explaino.ServiceDefaults.Text;

/// <summary>Text that shows nothing: white space, and characters that Unicode lets a reader not see (Default_Ignorable_Code_Point), alone.</summary>
public static class Blank
{
    public static bool Is(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!ShowsNothing(rune))
            {
                return false;
            }
        }

        return true;
    }

    private static bool ShowsNothing(Rune rune) => Rune.IsWhiteSpace(rune)
        || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2065 or 0x2800 or 0x3164 or 0xFFA0
            or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xFFF0 and <= 0xFFF8) or (>= 0xE0000 and <= 0xE0FFF);
}
