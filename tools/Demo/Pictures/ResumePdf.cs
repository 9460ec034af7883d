using System.Globalization;
using System.Text;
using Explaino.Demo.Community;

namespace Explaino.Demo.Pictures;

/// <summary>A résumé of one page as PDF, in a font that every reader has.</summary>
internal static class ResumePdf
{
    public static byte[] Of(Person person, Profile profile)
    {
        var content = Page(person, profile);
        string[] objects =
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
            $"<< /Length {content.Length} >>\nstream\n{content}\nendstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        ];

        var file = new StringBuilder("%PDF-1.4\n");
        var offsets = new List<int>();
        foreach (var (index, text) in objects.Index())
        {
            offsets.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{index + 1} 0 obj\n{text}\nendobj\n");
        }

        var table = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        offsets.ForEach(offset => file.Append(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n \n"));
        file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Length + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.Latin1.GetBytes(file.ToString()); // one byte a character: offsets above are right
    }

    private static string Page(Person person, Profile profile)
    {
        var page = new StringBuilder("BT /F 22 Tf 60 770 Td 26 TL\n");
        Line(page, person.FullName);
        page.Append("/F 11 Tf 16 TL\n");
        Line(page, $"{person.Title}, {person.City}");
        Line(page, person.Email);
        foreach (var employment in profile.Collections["experience"].Cast<Employment>())
        {
            Line(page, "");
            Line(page, $"{employment.StartDate.Year} - {employment.EndDate?.Year.ToString(CultureInfo.InvariantCulture) ?? "today"}   {employment.Title}, {employment.Company}");
            Line(page, employment.Description);
        }

        Line(page, "");
        foreach (var education in profile.Collections["education"].Cast<Education>())
        {
            Line(page, $"{education.StartDate.Year} - {education.EndDate.Year}   {education.Degree}, {education.FieldOfStudy}, {education.Institution}");
        }

        Line(page, "");
        Line(page, "Skills: " + string.Join(", ", profile.Collections["skills"].Cast<Named>().Select(skill => skill.Name)));
        Line(page, "Languages: " + string.Join(", ", profile.Collections["languages"].Cast<Named>().Select(language => language.Name)));
        return page.Append("ET").ToString();
    }

    private static void Line(StringBuilder page, string text) =>
        page.Append('(').Append(text.Replace("\\", "\\\\").Replace("(", "\\(").Replace(")", "\\)")).Append(") Tj T*\n");
}
