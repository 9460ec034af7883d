using System.Text;

namespace Explaino.Demo.Texts;

/// <summary>A text with places like <c>{topic}</c>; what begins a sentence is written with a capital letter.</summary>
internal static class Template
{
    public static string Fill(string text, IReadOnlyDictionary<string, string> values)
    {
        var filled = new StringBuilder();
        var position = 0;
        while (text.IndexOf('{', position) is var open and >= 0)
        {
            var close = text.IndexOf('}', open);
            var value = values[text[(open + 1)..close]];
            filled.Append(text, position, open - position);
            filled.Append(BeginsSentence(text, open) ? char.ToUpperInvariant(value[0]) + value[1..] : value);
            position = close + 1;
        }

        return filled.Append(text, position, text.Length - position).ToString();
    }

    private static bool BeginsSentence(string text, int at) => at == 0 || (at >= 2 && text[at - 1] == ' ' && text[at - 2] is '.' or '!' or '?');
}
