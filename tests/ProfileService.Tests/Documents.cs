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

    public static byte[] Docx() => Zip("[Content_Types].xml", "_rels/.rels", "word/document.xml");

    public static byte[] Zip(params string[] parts)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var part in parts)
            {
                using var writer = new StreamWriter(zip.CreateEntry(part).Open(), Encoding.UTF8);
                writer.Write("<x/>");
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
