using System.Globalization;
using System.Text;

namespace Explaino.ServiceDefaults.Text;

/// <summary>
/// Unicode Normalization Form C (UAX #15), so that one text has one form however it was typed. <see cref="string.Normalize()"/> needs ICU, which no
/// image has, and without it silently does nothing (docs/adr/0030).
/// </summary>
public static class Nfc
{
    private const int FirstSyllable = 0xAC00, FirstLeading = 0x1100, FirstVowel = 0x1161, FirstTrailing = 0x11A7;
    private const int Vowels = 21, Trailings = 28, Syllables = 19 * Vowels * Trailings;

    private static readonly Lazy<Tables> Data = new(Tables.Read);

    /// <summary>Below this nothing combines with anything.</summary>
    private const char FirstMark = '\u0300';

    /// <param name="text">Of whole characters: without half surrogate pairs.</param>
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange(FirstMark, '\uFFFF'))
        {
            return text;
        }

        var characters = new List<int>(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, characters);
        }

        Order(characters);
        var composed = new StringBuilder(text.Length);
        foreach (var character in Compose(characters))
        {
            composed.Append(char.ConvertFromUtf32(character));
        }

        return composed.ToString();
    }

    private static void Decompose(int character, List<int> into)
    {
        var syllable = character - FirstSyllable;
        if (syllable is >= 0 and < Syllables)
        {
            into.Add(FirstLeading + (syllable / (Vowels * Trailings)));
            into.Add(FirstVowel + (syllable % (Vowels * Trailings) / Trailings));
            if (syllable % Trailings > 0)
            {
                into.Add(FirstTrailing + (syllable % Trailings));
            }
        }
        else if (Data.Value.Parts.TryGetValue(character, out var parts))
        {
            Array.ForEach(parts, part => Decompose(part, into));
        }
        else
        {
            into.Add(character);
        }
    }

    /// <summary>Marks of different classes do not interact, and so have one order.</summary>
    private static void Order(List<int> characters)
    {
        for (var next = 1; next < characters.Count; next++)
        {
            for (var at = next; at > 0 && ClassOf(characters[at]) is > 0 and var mark && ClassOf(characters[at - 1]) > mark; at--)
            {
                (characters[at - 1], characters[at]) = (characters[at], characters[at - 1]);
            }
        }
    }

    private static List<int> Compose(List<int> characters)
    {
        var composed = new List<int>(characters.Count);
        var (starter, lastClass) = (-1, 0);
        foreach (var character in characters)
        {
            var mark = ClassOf(character);
            var isBlocked = starter < 0 || (composed.Count > starter + 1 && lastClass >= mark);
            if (!isBlocked && Pair(composed[starter], character) is { } pair)
            {
                composed[starter] = pair;
                continue;
            }

            (starter, lastClass) = mark == 0 ? (composed.Count, 0) : (starter, mark);
            composed.Add(character);
        }

        return composed;
    }

    private static int? Pair(int first, int second) => (first - FirstLeading, second - FirstVowel, first - FirstSyllable, second - FirstTrailing) switch
    {
        ( >= 0 and < 19 and var leading, >= 0 and < Vowels and var vowel, _, _) => FirstSyllable + (((leading * Vowels) + vowel) * Trailings),
        (_, _, >= 0 and < Syllables and var syllable, > 0 and < Trailings and var trailing) when syllable % Trailings == 0 => first + trailing,
        _ => Data.Value.Pairs.TryGetValue((first, second), out var pair) ? pair : null,
    };

    private static int ClassOf(int character) => Data.Value.Classes.GetValueOrDefault(character);

    /// <summary>What canonical.txt says.</summary>
    private sealed class Tables
    {
        public Dictionary<int, int[]> Parts { get; } = [];

        public Dictionary<(int First, int Second), int> Pairs { get; } = [];

        public Dictionary<int, int> Classes { get; } = [];

        public static Tables Read()
        {
            var tables = new Tables();
            using var text = new StreamReader(typeof(Nfc).Assembly.GetManifestResourceStream("canonical.txt")!);
            while (text.ReadLine() is { } line)
            {
                tables.Add(line);
            }

            return tables;
        }

        private void Add(string line)
        {
            var words = line.Split(' ');
            switch (words[0])
            {
                case "#":
                    break;
                case "=" or ">":
                    int[] all = [.. words[1..].Select(Number)];
                    Parts[all[0]] = all[1..];
                    if (words[0] == "=")
                    {
                        Pairs[(all[1], all[2])] = all[0];
                    }

                    break;
                default:
                    foreach (var range in words[1..].Select(word => word.Split('-').Select(Number).ToArray()))
                    {
                        for (var character = range[0]; character <= range[^1]; character++)
                        {
                            Classes[character] = int.Parse(words[0], CultureInfo.InvariantCulture);
                        }
                    }

                    break;
            }
        }

        private static int Number(string word) => int.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
