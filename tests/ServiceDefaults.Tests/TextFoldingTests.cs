using Explaino.ServiceDefaults.Text;

namespace Explaino.ServiceDefaults.Tests;

public sealed class TextFoldingTests
{
    public static TheoryData<string, string> Same => new()
    {
        { "Élan", "éLAN" },
        { "ΝΊΚΟΣ", "νίκος" },
        { "Straße", "STRASSE" },
        { "ẞ", "ss" },
        { "İzmir", "i\u0307zmir" },
        { "ＵＸ", "ux" },
        { "ﬁle", "FILE" },
        { "ŉ", "ʼN" },
        { "Ꭰꭰ", "ꭰꭰ" },
        { "𐐀", "𐐨" },
        { " a  b ", "A\u00A0b" },
        { "a\tb", "a b" },
    };

    [Theory]
    [MemberData(nameof(Same))]
    public void Texts_that_differ_in_case_blanks_composition_or_width_have_one_key(string one, string other) =>
        Assert.Equal(TextFolding.Key(one), TextFolding.Key(other));

    [Theory]
    [InlineData("cafe", "café")]
    [InlineData("C", "C#")]
    [InlineData("ab", "a b")]
    [InlineData("sıra", "sira")]
    public void Other_texts_have_not(string one, string other) => Assert.NotEqual(TextFolding.Key(one), TextFolding.Key(other));
}
