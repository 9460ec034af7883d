using System.Text.Json;

namespace Explaino.Demo.Texts;

/// <summary>What the community is made of; the JSON files in Data.</summary>
internal static class TextFiles
{
    // First: the fields below are read with it.
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static readonly IReadOnlyList<Culture> Cultures = Read<Culture[]>("cultures.json");

    public static readonly IReadOnlyList<Profession> Professions = Read<Profession[]>("professions.json");

    public static readonly Talk Talk = Read<Talk>("talk.json");

    private static T Read<T>(string name)
    {
        using var file = typeof(TextFiles).Assembly.GetManifestResourceStream(name)!;
        return JsonSerializer.Deserialize<T>(file, Json)!;
    }
}

internal sealed record Culture(string[] FirstNames, string[] LastNames, string[] Cities, string[] Universities, string[] Languages);

/// <param name="Role">The title as it stands within a sentence.</param>
/// <param name="Certifications">Pairs of name and issuer, as are the certificates; projects are name and description; posts title and description.</param>
internal sealed record Profession(
    string Title,
    string Role,
    string[] Specializations,
    string[] Companies,
    string[] Skills,
    string[] TechStack,
    string[] Frameworks,
    string[] Fields,
    string[][] Certifications,
    string[][] Certificates,
    string[][] Projects,
    string[] Duties,
    string[] Topics,
    string About,
    string[][] Posts);

/// <param name="Conversations">Lines of two who take turns; the one who came later begins.</param>
internal sealed record Talk(
    string[][] Conversations,
    GroupTalk[] Groups,
    string[] Comments,
    string[] Transfers,
    string[] Awards,
    string[] SoftSkills,
    string[] CommunicationSkills,
    string[] Hobbies,
    string[] Bios,
    string[] Headlines,
    string[] Internships);

/// <param name="Lines">Each begins with the number of the participant who says it.</param>
internal sealed record GroupTalk(string Name, string[] Lines);
