using System.Globalization;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Text;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Explaino.ServiceData.Moderation;

/// <summary>What becomes of a text with one of the terms.</summary>
public enum ModerationMode
{
    Off,
    Flag,
    Reject,
}

/// <summary>The <c>Moderation</c> section of configuration (docs/contract.md#8-settings).</summary>
public sealed class ModerationOptions
{
    public ModerationMode Mode { get; set; }

    /// <summary>A file with a term a line; lines that begin with # are comments.</summary>
    public string? Terms { get; set; }
}

/// <summary>
/// Terms that an operator does not want to read: words and phrases, found whole, whatever their case, width and what stands between the words; in scripts without
/// blanks as any part.
/// </summary>
public sealed class ContentTerms
{
    public const string Refused = "content_not_allowed";
    public const string Detail = "It says something that is not allowed here.";

    private readonly ModerationMode _mode;
    private readonly HashSet<string> _phrases = [];
    private readonly List<string> _parts = [];
    private readonly int _longest;

    public ContentTerms(IOptions<ModerationOptions> options)
    {
        _mode = options.Value.Mode;
        var lines = _mode == ModerationMode.Off ? [] : File.ReadLines(options.Value.Terms!).Select(line => line.Trim()).Where(line => line is not ("" or ['#', ..]));
        foreach (var term in lines.Select(line => TextFolding.Key(line.Normalize())))
        {
            if (term.Any(IsWithoutBlanks))
            {
                _parts.Add(term);
            }
            else if (WordsOf(term) is { Count: > 0 } words)
            {
                _phrases.Add(string.Join(' ', words));
                _longest = Math.Max(_longest, words.Count);
            }
        }
    }

    /// <summary>Whether a text is refused: for whoever has a form of refusal of their own.</summary>
    public bool Rejects(string? text) => _mode == ModerationMode.Reject && Names(text);

    /// <returns>The 400 that names each member with a term; null if there is none, or they are not refused.</returns>
    public ProblemHttpResult? Refuse(params IEnumerable<(string Member, string? Text)> texts)
    {
        var errors = texts.Where(text => Rejects(text.Text)).ToDictionary(text => text.Member, _ => new string[] { new Violation("not_allowed", Detail) });
        return errors.Count == 0 ? null : Problems.Of(400, Refused, Detail, errors);
    }

    /// <summary>Whether a moderator is to look at it.</summary>
    public bool Flags(params IEnumerable<(string Member, string? Text)> texts) => _mode == ModerationMode.Flag && texts.Any(text => Names(text.Text));

    private bool Names(string? text)
    {
        if (text is null)
        {
            return false;
        }

        var folded = TextFolding.Key(text);
        if (_parts.Exists(part => folded.Contains(part, StringComparison.Ordinal)))
        {
            return true;
        }

        var words = WordsOf(folded);
        return Enumerable.Range(0, words.Count).Any(first =>
            Enumerable.Range(1, Math.Min(_longest, words.Count - first)).Any(count => _phrases.Contains(string.Join(' ', words.GetRange(first, count)))));
    }

    private static List<string> WordsOf(string folded)
    {
        var spaced = string.Concat(folded.Select(character => char.IsLetterOrDigit(character) || IsMark(character) || char.IsSurrogate(character) ? character : ' '));
        return [.. spaced.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static bool IsMark(char character) => char.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    // Chinese, Japanese, Korean, Thai, and their neighbours.
    private static bool IsWithoutBlanks(char character) => character is (>= '\u0E00' and <= '\u0EFF') or (>= '\u1000' and <= '\u109F') or (>= '\u1780' and <= '\u17FF') or (>= '\u2E80' and <= '\uD7FF');
}

public static class ModerationSetup
{
    public static WebApplicationBuilder AddContentTerms(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ModerationOptions>().BindConfiguration("Moderation")
            .Validate(moderation => moderation.Mode == ModerationMode.Off || File.Exists(moderation.Terms), "Moderation:Terms must name a file that is there, where Moderation:Mode is not off.")
            .ValidateOnStart();
        builder.Services.AddSingleton<ContentTerms>();
        return builder;
    }
}
