using Explaino.Demo.Texts;

namespace Explaino.Demo.Community;

/// <summary>Lives that fit the profession and the place. Nothing depends on today: the same in every run.</summary>
internal static class Profiles
{
    private const int ThisYear = 2026;

    public static Profile Of(Person person)
    {
        var draw = new Draw($"profile {person.Number}");
        var profession = person.Profession;
        var graduation = ThisYear - draw.Between(2, 22);
        return new Profile(
            AboutOf(person, draw),
            draw.Some(draw.Between(1, 2), profession.Specializations),
            [.. draw.Some(draw.Between(0, 2), profession.Certificates).Select((it, index) =>
                new Certificate(it[0], it[1], Day(graduation + 1 + index, draw), Address(person, "certificates", index)))],
            new Dictionary<string, IReadOnlyList<object>>
            {
                ["skills"] = Names(draw.Some(draw.Between(3, 5), profession.Skills)),
                ["education"] = [EducationOf(person, graduation, draw)],
                ["tech-stack"] = Names(draw.Some(draw.Between(2, 4), profession.TechStack)),
                ["languages"] = Names(draw.Some(draw.Between(1, 3), person.Culture.Languages)),
                ["frameworks"] = Names(draw.Some(draw.Between(1, 2), profession.Frameworks)),
                ["communication-skills"] = Names(draw.Some(draw.Between(2, 3), TextFiles.Talk.CommunicationSkills)),
                ["certifications"] = [.. draw.Some(draw.Between(0, 1), profession.Certifications).Select(it =>
                    new Certification(it[0], it[1], Day(graduation + 1, draw), Address(person, "certifications", 0)))],
                ["projects"] = [.. draw.Some(draw.Between(0, 2), profession.Projects).Select((it, index) =>
                    new Project(it[0], it[1], Address(person, "projects", index), Day(graduation + 1, draw)))],
                ["soft-skills"] = Names(draw.Some(draw.Between(2, 4), TextFiles.Talk.SoftSkills)),
                ["hobbies"] = Names(draw.Some(draw.Between(1, 4), TextFiles.Talk.Hobbies)),
                ["experience"] = [.. ExperienceOf(person, graduation, draw)],
                ["internships"] = draw.Chance(0.4) ? [InternshipOf(person, graduation, draw)] : [],
            },
            HasResume: draw.Chance(0.35));
    }

    public static string BioOf(Person person)
    {
        var draw = new Draw($"bio {person.Number}");
        return Template.Fill(draw.One(TextFiles.Talk.Bios), new Dictionary<string, string>(person.Words()) { ["hobby"] = draw.One(TextFiles.Talk.Hobbies).ToLowerInvariant() });
    }

    private static About AboutOf(Person person, Draw draw) => new(
        Template.Fill(person.Profession.About, person.Words()),
        Template.Fill(draw.One(TextFiles.Talk.Headlines), person.Words()),
        person.City,
        person.Company,
        person.Title,
        $"https://github.example/{person.Username}",
        $"https://{person.Username.Replace('.', '-')}.example");

    private static Education EducationOf(Person person, int graduation, Draw draw)
    {
        var years = draw.Between(3, 5);
        return new Education(
            draw.One(person.Culture.Universities),
            years == 3 ? "Bachelor" : "Master",
            draw.One(person.Profession.Fields),
            new DateOnly(graduation - years, 10, 1),
            new DateOnly(graduation, 7, 31));
    }

    /// <summary>The present job first; there was a former one if there was time for it.</summary>
    private static IEnumerable<Employment> ExperienceOf(Person person, int graduation, Draw draw)
    {
        var change = new DateOnly(draw.Between(graduation, Math.Min(graduation + 5, ThisYear - 1)), draw.Between(8, 12), 1);
        var duties = draw.Some(2, person.Profession.Duties);
        yield return new Employment(person.Company, person.Title, person.City, change, null, duties[0]);
        if (change.Year > graduation + 1)
        {
            var former = draw.One(person.Profession.Companies.Where(company => company != person.Company).ToArray());
            yield return new Employment(
                former, $"Junior {person.Profession.Role}", draw.One(person.Culture.Cities), new DateOnly(graduation, 9, 1), change.AddDays(-1), duties[1]);
        }
    }

    private static Employment InternshipOf(Person person, int graduation, Draw draw) => new(
        draw.One(person.Profession.Companies),
        draw.One(TextFiles.Talk.Internships),
        draw.One(person.Culture.Cities),
        new DateOnly(graduation - 1, 2, 1),
        new DateOnly(graduation - 1, 7, 31),
        $"First steps as a {person.Profession.Role}, with a patient mentor.");

    private static DateOnly Day(int year, Draw draw) => new(Math.Min(year, ThisYear - 1), draw.Between(1, 12), draw.Between(1, 28));

    private static string Address(Person person, string kind, int index) => $"https://{person.Username.Replace('.', '-')}.example/{kind}/{index + 1}";

    private static IReadOnlyList<object> Names(IReadOnlyList<string> names) => [.. names.Select(name => new Named(name))];
}
