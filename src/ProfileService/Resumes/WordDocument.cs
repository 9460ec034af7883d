using System.Buffers.Binary;
using System.IO.Compression;
using System.Xml;
using System.Xml.Linq;
using Explaino.ServiceFiles.Storage;

namespace Explaino.ProfileService.Resumes;

/// <summary>
/// Open Packaging Conventions (ECMA-376 part 2): a DOCX is the package whose main part, named by <c>_rels/.rels</c>, has the content type of a Word
/// document in <c>[Content_Types].xml</c>; documents with macros and templates have others. Only these two parts are unpacked, and of each only so much,
/// so that a hostile file costs no more than its size.
/// </summary>
internal static class WordDocument
{
    private const string MainPart = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

    private const int MaximumEntries = 10_000;
    private const int MaximumPartSize = 256 * 1024;

    // Transitional and strict.
    private static readonly string[] OfficeDocument =
    [
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument",
        "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument",
    ];

    public static async Task<bool> IsOneAsync(Stream content, CancellationToken cancellationToken)
    {
        try
        {
            if (await CountEntriesAsync(content, cancellationToken) is null or > MaximumEntries)
            {
                return false;
            }

            content.Position = 0;
            await using var zip = await ZipArchive.CreateAsync(content, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellationToken);
            return await ReadAsync(zip, "_rels/.rels", cancellationToken) is { } relations
                && MainPartOf(relations) is { } part
                && Find(zip, part) is not null
                && await ReadAsync(zip, "[Content_Types].xml", cancellationToken) is { } types
                && ContentTypeOf(types, part) == MainPart;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or XmlException or NotSupportedException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>As the record that ends a zip says; null if it has none.</summary>
    private static async Task<int?> CountEntriesAsync(Stream content, CancellationToken cancellationToken)
    {
        const int endLength = 22, longestComment = ushort.MaxValue;

        var head = await content.ReadPartAsync(0, 4, cancellationToken);
        var tail = await content.ReadPartAsync(content.Length - endLength - longestComment, endLength + longestComment, cancellationToken);
        var end = tail.AsSpan().LastIndexOf("PK\x5\x6"u8);
        return head.AsSpan().SequenceEqual("PK\x3\x4"u8) && end >= 0 && tail.Length - end >= endLength
            ? BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(end + 10))
            : null;
    }

    private static string? MainPartOf(XElement relations) => relations.Elements()
        .Where(relation => OfficeDocument.Contains((string?)relation.Attribute("Type")) && (string?)relation.Attribute("TargetMode") != "External")
        .Select(relation => (string?)relation.Attribute("Target"))
        .OfType<string>()
        .Select(target => target.TrimStart('/'))
        .FirstOrDefault();

    private static string? ContentTypeOf(XElement types, string part)
    {
        string? TypeOf(string kind, string key, string value) => types.Elements()
            .Where(type => type.Name.LocalName == kind && Same((string?)type.Attribute(key), value))
            .Select(type => (string?)type.Attribute("ContentType"))
            .FirstOrDefault();

        return TypeOf("Override", "PartName", $"/{part}") ?? TypeOf("Default", "Extension", Path.GetExtension(part).TrimStart('.'));
    }

    private static async Task<XElement?> ReadAsync(ZipArchive zip, string part, CancellationToken cancellationToken)
    {
        if (Find(zip, part) is not { } entry)
        {
            return null;
        }

        await using var packed = await entry.OpenAsync(cancellationToken);
        var buffer = new byte[MaximumPartSize];
        var length = await packed.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (length == buffer.Length)
        {
            return null;
        }

        using var reader = XmlReader.Create(new MemoryStream(buffer, 0, length), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        return XElement.Load(reader);
    }

    private static ZipArchiveEntry? Find(ZipArchive zip, string part) => zip.Entries.FirstOrDefault(entry => Same(entry.FullName, part));

    // Names of parts are the same whatever their case.
    private static bool Same(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
