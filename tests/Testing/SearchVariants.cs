using Xunit;

namespace Explaino.Testing;

/// <summary>One rule for all searches (docs/adr/0043): what is found in a text, and what is not. Every service that is searched is asked all of it.</summary>
public static class SearchVariants
{
    /// <summary>A text, and words by which it is found.</summary>
    public static TheoryData<string, string> Found => new()
    {
        // Parts of what is written as one, and the whole.
        { "Design UI/UX today", "ui" },
        { "Design UI/UX today", "UX" },
        { "Design UI/UX today", "UI/UX" },
        { "Knows CI/CD well", "cd" },
        { "Node.js for all", "node" },
        { "Node.js for all", "node.js" },
        { "See report.pdf", "report" },
        { "See report.pdf", "report.pdf" },
        { "Took 2-3 years", "3" },
        { "Took 2-3 years", "2-3 years" },
        { "Ask jane.doe@example.com", "doe" },
        { "Ask jane.doe@example.com", "jane.doe@example.com" },
        { "In /usr/local/share", "local" },
        { "In /usr/local/share", "/usr/local/share" },
        { "At https://example.org/some_page?x=1#here", "page" },
        { "At https://example.org/some_page?x=1#here", "https://example.org/some_page?x=1" },
        { "Doesn\u2019t matter", "doesn't" },
        { "snake_case names", "case" },

        // Languages named by signs.
        { "C, C++ and C#", "C" },
        { "Writes C++17", "c++" },
        { "Writes (C#), well", "C#" },
        { "A .NET person", ".net" },
        { "Uses ASP.NET daily", ".NET" },
        { "Uses ASP.NET daily", "asp.net" },

        // Scripts without blanks between words.
        { "我住在上海市中心", "上海" },
        { "我住在上海市中心", "海" },
        { "東京タワーに行きたい", "タワー" },
        { "東京タワーに行きたい", "行きたい" },
        { "Docker入門", "docker" },
        { "서울에서 만나요", "서울" },
        { "สวัสดีชาวโลก", "ชาว" },

        // Accents and other marks.
        { "Un café noir", "cafe" },
        { "A cafe here", "café" },
        { "José Núñez", "jose nunez" },
        { "Łódź i Ørsted", "lodz orsted" },
        { "كَتَبَ الدرس", "كتب" },
        { "كتب الدرس", "كَتَبَ" },
        { "שָׁלוֹם", "שלום" },

        // Emoji.
        { "Great👍", "👍" },
        { "Great 👍🏽!", "👍" },
        { "By 👩‍💻", "💻" },

        // Case, composition, width and blanks.
        { "Straße der Kunst", "STRASSE" },
        { "ΝΊΚΟΣ", "νίκος" },
        { "İzmir", "izmir" },
        { "izmir", "İZMİR" },
        { "Ame\u0301lie", "Am\u00e9lie" },
        { "ＵＸ lab", "ux" },
        { "two words", "two \u00a0 words" },
        { "Привет", "ПРИВЕТ" },
        { "हिन्दी सीखो", "हिन्दी" },
    };

    /// <summary>A text, and words by which it is not found.</summary>
    public static TheoryData<string, string> Apart => new()
    {
        { "Only C", "C++" },
        { "Only C++", "C#" },
        { "Only C#", "C++" },
        { "Net income", ".NET" },
        { "A .NET person", "net" },
        { "京都", "東京" },
        { "海上", "上海" },
        { "かき", "がき" },
        { "Design UX/UI", "UI/UX" },
        { "Smiles 🙂", "👍" },
        { "हिन्दी", "हन्दी" },
    };
}
