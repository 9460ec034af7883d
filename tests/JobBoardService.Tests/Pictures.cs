using System.Buffers.Binary;
using System.Text;
using Explaino.Testing;
using NetVips;

namespace Explaino.JobBoardService.Tests;

/// <summary>
/// Pictures as phones and tools make them: four fields of different colours, so that one sees whether a picture is shown upright and in its colours. Made by
/// the library that the service decodes with, and by bytes for what no library writes.
/// </summary>
internal static class Pictures
{
    public const int Width = 96, Height = 64;

    /// <summary>What must be in nothing that is given out.</summary>
    public const string Secret = "SECRET-OWNER";

    private static readonly double[][] Fields = [[200, 60, 60], [60, 160, 80], [70, 90, 180], [220, 200, 80]];

    public static byte[] File(string name) => System.IO.File.ReadAllBytes(Repository.PathTo("tests", "JobBoardService.Tests", "Files", name));

    public static async Task<Image> ReadAsync(HttpResponseMessage shown) => Image.NewFromBuffer(await shown.Content.ReadAsByteArrayAsync());

    /// <summary>Red and green above blue and yellow.</summary>
    public static Image Upright(int width = Width, int height = Height)
    {
        var fields = Fields.Select(colour => (Image.Black(width / 2, height / 2, bands: 3) + colour).Cast(Enums.BandFormat.Uchar)).ToArray();
        return Image.Arrayjoin(fields, across: 2).Copy(interpretation: Enums.Interpretation.Srgb).CopyMemory();
    }

    /// <summary>Fields that can be seen through.</summary>
    public static Image Transparent() => Upright().Bandjoin((Image.Black(Width, Height) + 128).Cast(Enums.BandFormat.Uchar)).Copy(interpretation: Enums.Interpretation.Srgb);

    /// <summary>As a sensor sees it that is held in one of eight ways (TIFF 6.0, tag 0x0112): it is upright when it has been turned so.</summary>
    public static Image Turned(int orientation) => orientation switch
    {
        2 => Upright().FlipHor(),
        3 => Upright().Rot180(),
        4 => Upright().FlipVer(),
        5 => Upright().Rot90().FlipHor(),
        6 => Upright().Rot270(),
        7 => Upright().Rot90().FlipVer(),
        8 => Upright().Rot90(),
        _ => Upright(),
    };

    /// <summary>With what a camera says of the photo: orientation, owner, place.</summary>
    public static Image WithExif(this Image picture, int orientation) => picture.Mutate(fields =>
    {
        fields.Set(GValue.GIntType, "orientation", orientation);
        fields.Set(GValue.GStrType, "exif-ifd0-Artist", $"{Secret} ({Secret}, ASCII, 13 components, 13 bytes)");
        fields.Set(GValue.GStrType, "exif-ifd3-GPSLatitude", "48/1 8/1 14/1");
    });

    /// <summary>EXIF of one entry and nothing behind it, as small tools write it.</summary>
    public static byte[] OneEntryExif(byte orientation) => [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0];

    /// <summary>A JPEG with one more segment, behind its first marker.</summary>
    public static byte[] WithSegment(byte[] jpeg, byte marker, byte[] content) =>
        [.. jpeg[..2], 0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content, .. jpeg[2..]];

    /// <summary>A PNG with more chunks, behind its header.</summary>
    public static byte[] WithChunks(byte[] png, params byte[][] chunks) => [.. png[..33], .. chunks.SelectMany(chunk => chunk), .. png[33..]];

    /// <summary>A WebP of the extended kind with one more chunk at its end.</summary>
    public static byte[] WithChunk(byte[] webp, string type, byte[] content)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
        byte[] longer = [.. webp, .. Encoding.ASCII.GetBytes(type), .. length, .. content, .. new byte[content.Length % 2]];
        longer[20] |= type == "EXIF" ? (byte)8 : (byte)0;
        BinaryPrimitives.WriteInt32LittleEndian(longer.AsSpan(4), longer.Length - 8);
        return longer;
    }

    /// <summary>How far a picture is from the one it should be, field by field (ΔE 2000); what is to be seen through is seen over white.</summary>
    public static double Distance(Image shown, Image expected)
    {
        var (left, right) = (Lab(shown), Lab(expected.ThumbnailImage(shown.Width, height: shown.Height, size: Enums.Size.Force)));
        var (width, height) = (Math.Max(shown.Width / 4, 1), Math.Max(shown.Height / 4, 1));
        return (from x in new[] { shown.Width / 8, shown.Width * 5 / 8 }
                from y in new[] { shown.Height / 8, shown.Height * 5 / 8 }
                select left.ExtractArea(x, y, width, height).DE00(right.ExtractArea(x, y, width, height)).Avg()).Max();
    }

    private static Image Lab(Image picture) =>
        (picture.HasAlpha() ? picture.Flatten(background: [255]) : picture).Colourspace(Enums.Interpretation.Lab);
}
