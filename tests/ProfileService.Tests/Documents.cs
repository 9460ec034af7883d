using System.IO.Compression;
using System.Text;

namespace Explaino.ProfileService.Tests;

/// <summary>Files to upload.</summary>
internal static class Documents
{
    public static byte[] Pdf(int size = 300)
    {
        var bytes = new byte[size];
        Array.Fill(bytes, (byte)'x');
        "%PDF-1.7\n"u8.CopyTo(bytes);
        "\n%%EOF\n"u8.CopyTo(bytes.AsSpan(size - 7));
        return bytes;
    }

    public const string WordMainPart = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

    /// <summary>A package as word processors write it.</summary>
    public static byte[] Docx(string contentType = WordMainPart, string mainPart = "word/document.xml", string? typed = null, bool strict = false) => Zip(
        ("[Content_Types].xml",
            $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
              <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
              <Default Extension="xml" ContentType="application/xml"/>
              <Override PartName="/{typed ?? mainPart}" ContentType="{contentType}"/>
            </Types>
            """),
        ("_rels/.rels",
            $"""
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
              <Relationship Id="rId1" Type="{(strict ? "http://purl.oclc.org/ooxml" : "http://schemas.openxmlformats.org/officeDocument/2006")}{(strict ? "/officeDocument" : "")}/relationships/officeDocument" Target="{mainPart}"/>
            </Relationships>
            """),
        (mainPart.TrimStart('/'), "<x/>"));

    public static byte[] Zip(params string[] parts) => Zip([.. parts.Select(part => (part, "<x/>"))]);

    public static byte[] Zip(params (string Name, string Content)[] parts)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var part in parts)
            {
                using var writer = new StreamWriter(zip.CreateEntry(part.Name).Open(), new UTF8Encoding(false));
                writer.Write(part.Content);
            }
        }

        return bytes.ToArray();
    }

    public static MultipartFormDataContent Form(byte[] file, string? fileName = "cv.pdf", string part = "file")
    {
        var content = new ByteArrayContent(file);
        var name = fileName is null ? "" : $"; filename=\"{fileName.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
        content.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"{part}\"{name}");

        // As browsers write it.
        return new MultipartFormDataContent { HeaderEncodingSelector = (_, _) => Encoding.UTF8 }.With(content);
    }

    private static MultipartFormDataContent With(this MultipartFormDataContent form, HttpContent content)
    {
        form.Add(content);
        return form;
    }
}
