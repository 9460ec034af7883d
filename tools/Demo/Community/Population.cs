using System.Globalization;
using Explaino.Demo.Texts;

namespace Explaino.Demo.Community;

/// <summary>The first so many people: a smaller community is the beginning of a bigger one.</summary>
internal static class Population
{
    private const int ShortestUsername = 8;
    private const int LongestUsername = 16;

    public static IReadOnlyList<Person> First(int count)
    {
        var people = new List<Person>(count);
        var usernames = new HashSet<string>();
        for (var number = 0; number < count; number++)
        {
            var draw = new Draw($"person {number}");
            var culture = draw.One(TextFiles.Cultures);
            var profession = draw.One(TextFiles.Professions);
            var (first, last) = (draw.One(culture.FirstNames), draw.One(culture.LastNames));
            people.Add(new Person(
                number,
                first,
                last,
                Username(first, last, draw, usernames),
                culture,
                profession,
                draw.One(culture.Cities),
                draw.One(profession.Companies),
                draw.One(profession.Topics)));
        }

        return people;
    }

    private static string Username(string first, string last, Draw draw, HashSet<string> taken)
    {
        var (given, family) = (Plain(first), Plain(last));
        var name = given.Length + 1 + family.Length <= LongestUsername ? $"{given}.{family}" : $"{given[0]}.{family}";
        var username = name;
        while (username.Length < ShortestUsername || !taken.Add(username))
        {
            username = name[..Math.Min(name.Length, LongestUsername - 2)] + draw.Between(10, 99).ToString(CultureInfo.InvariantCulture);
        }

        return username;
    }

    private static string Plain(string name) => string.Concat(name.ToLowerInvariant().Select(letter => letter switch
    {
        'á' or 'ã' or 'å' => "a",
        'ä' => "ae",
        'ç' => "c",
        'é' or 'ë' => "e",
        'í' => "i",
        'ñ' => "n",
        'ó' => "o",
        'ö' or 'ø' => "oe",
        'ú' => "u",
        'ü' => "ue",
        >= 'a' and <= 'z' => letter.ToString(),
        _ => "",
    }));
}
