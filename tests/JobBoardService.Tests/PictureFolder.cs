using Explaino.Testing;
using NetVips;

namespace Explaino.JobBoardService.Tests;

/// <summary>The folder of pictures that people send, made anew by each run: what it is, its bytes, and how far at most it may be from what it should look like.</summary>
internal static class PictureFolder
{
    private const double Close = 2;

    /// <summary>What must be shown, upright and in the right colours.</summary>
    public static IEnumerable<(string What, byte[] File, Image Expected, double Distance)> Sound()
    {
        var (upright, transparent) = (Pictures.Upright(), Pictures.Transparent());
        var (jpeg, png, webp) = (upright.JpegsaveBuffer(q: 95), upright.PngsaveBuffer(), transparent.WebpsaveBuffer(q: 95));
        for (var orientation = 1; orientation <= 8; orientation++)
        {
            var photo = Pictures.Turned(orientation).WithExif(orientation);
            yield return ($"a JPEG held in way {orientation}", photo.JpegsaveBuffer(q: 95), upright, Close);
            yield return ($"a PNG held in way {orientation}", photo.PngsaveBuffer(), upright, Close);
            yield return ($"a WebP held in way {orientation}", photo.WebpsaveBuffer(q: 95), upright, Close);
        }

        var (turned, turnedThrough) = (Pictures.Turned(6), transparent.Rot270());
        yield return ("a JPEG, EXIF of one entry", Pictures.WithSegment(turned.JpegsaveBuffer(q: 95), 0xE1, [.. "Exif\0\0"u8, .. Pictures.OneEntryExif(6)]), upright, Close);
        yield return ("a PNG, EXIF of one entry", Pictures.WithChunks(turned.PngsaveBuffer(), Png.Chunk("eXIf", Pictures.OneEntryExif(6))), upright, Close);
        yield return ("a WebP, EXIF of one entry", Pictures.WithChunk(turnedThrough.WebpsaveBuffer(q: 95, keep: Enums.ForeignKeep.None), "EXIF", Pictures.OneEntryExif(6)), transparent, Close);
        yield return ("a WebP, EXIF as cameras write it", Pictures.WithChunk(turnedThrough.WebpsaveBuffer(q: 95, keep: Enums.ForeignKeep.None), "EXIF", [.. "Exif\0\0"u8, .. Pictures.OneEntryExif(6), 0, 0, 0, 0]), transparent, Close);

        var wide = upright.IccTransform("p3", inputProfile: "srgb", intent: Enums.Intent.Relative);
        yield return ("a JPEG in Display P3", wide.JpegsaveBuffer(q: 98), upright, Close);
        yield return ("a PNG in Display P3", wide.PngsaveBuffer(), upright, Close);
        yield return ("a WebP in Display P3", wide.WebpsaveBuffer(lossless: true), upright, Close);
        yield return ("a JPEG in CMYK with its profile", upright.IccTransform("cmyk", inputProfile: "srgb", intent: Enums.Intent.Relative).JpegsaveBuffer(q: 98), upright, 6);
        yield return ("a PNG of 16 bits", (upright * 257).Cast(Enums.BandFormat.Ushort).Copy(interpretation: Enums.Interpretation.Rgb16).PngsaveBuffer(), upright, Close);
        yield return ("a grey JPEG", upright.Colourspace(Enums.Interpretation.Bw).JpegsaveBuffer(q: 95), upright.Colourspace(Enums.Interpretation.Bw).Colourspace(Enums.Interpretation.Srgb), Close);
        yield return ("a PNG of a palette", upright.PngsaveBuffer(palette: true), upright, Close);
        yield return ("an interlaced PNG", upright.PngsaveBuffer(interlace: true), upright, Close);
        yield return ("a progressive JPEG", upright.JpegsaveBuffer(q: 95, interlace: true), upright, Close);
        yield return ("a JPEG without loss of colour resolution", upright.JpegsaveBuffer(q: 95, subsampleMode: Enums.ForeignSubsample.Off), upright, Close);
        yield return ("a WebP without loss", upright.WebpsaveBuffer(lossless: true), upright, Close);
        yield return ("a WebP that is seen through", webp, transparent, Close);
        yield return ("a PNG that is seen through", transparent.PngsaveBuffer(), transparent, Close);
        yield return ("a PNG that could be seen through, but is opaque", upright.Bandjoin(255).PngsaveBuffer(), upright, Close);
        yield return ("an animated WebP", Animation(upright).WebpsaveBuffer(q: 95), upright, Close);
        yield return ("an animated PNG", Pictures.WithChunks(png, Png.Chunk("acTL", [0, 0, 0, 2, 0, 0, 0, 0])), upright, Close);
        yield return ("a picture larger than the largest size", Pictures.Upright(3000, 2000).JpegsaveBuffer(q: 80), upright, Close);
        yield return ("a picture of one pixel a field", Pictures.Upright(2, 2).PngsaveBuffer(), upright, 6);

        yield return ("a JPEG without its end", jpeg[..^2], upright, Close);
        yield return ("a JPEG and HTML behind it", [.. jpeg, .. "<script>alert('SECRET-OWNER')</script>"u8], upright, Close);
        yield return ("a PNG and a ZIP behind it", [.. png, .. "PK\u0003\u0004SECRET-OWNER"u8], upright, Close);
        yield return ("a WebP and HTML behind it", [.. webp, .. "<html>SECRET-OWNER"u8], transparent, Close);
        yield return ("a JPEG whose comment is JavaScript", Pictures.WithSegment(jpeg, 0xFE, "*/=alert('SECRET-OWNER')/*"u8.ToArray()), upright, Close);
        yield return ("a JPEG with XMP", Pictures.WithSegment(jpeg, 0xE1, "http://ns.adobe.com/xap/1.0/\0<x>SECRET-OWNER</x>"u8.ToArray()), upright, Close);
        yield return ("a PNG with text", Pictures.WithChunks(png, Png.Chunk("tEXt", "Comment\0SECRET-OWNER"u8.ToArray())), upright, Close);
    }

    /// <summary>What viewers differ about: it is shown or refused, as long as no more comes of it.</summary>
    public static IEnumerable<(string What, byte[] File)> Odd()
    {
        var upright = Pictures.Upright();
        var (jpeg, png, webp) = (upright.JpegsaveBuffer(q: 95), upright.PngsaveBuffer(), upright.WebpsaveBuffer(q: 95));
        var second = 4 + (jpeg[4] << 8) + jpeg[5];
        yield return ("a JPEG with stray bytes between its parts", [.. jpeg[..second], 0, 1, 2, .. jpeg[second..]]);
        yield return ("a JPEG in CMYK without a profile", upright.Colourspace(Enums.Interpretation.Cmyk).JpegsaveBuffer(q: 95, keep: Enums.ForeignKeep.None));
        yield return ("a PNG with a wrong checksum of a text", Pictures.WithChunks(png, [.. Png.Chunk("tEXt", "Comment\0Nothing"u8.ToArray())[..^1], 0]));
        yield return ("a PNG with a wrong checksum of its picture", [.. png[..^20], (byte)(png[^20] ^ 1), .. png[^19..]]);
        yield return ("a PNG with a broken colour profile", Pictures.WithChunks(png, Png.Chunk("iCCP", "broken\0\0..."u8.ToArray())));
        yield return ("a PNG with a colour profile that unfolds into 64 MiB", Pictures.WithChunks(png, Png.Chunk("iCCP", [.. "bomb\0\0"u8, .. Png.Zlib(new byte[64 << 20])])));
        yield return ("a PNG with a text that unfolds into 64 MiB", Pictures.WithChunks(png, Png.Chunk("zTXt", [.. "bomb\0\0"u8, .. Png.Zlib(new byte[64 << 20])])));
        yield return ("a PNG that no viewer understands", Pictures.WithChunks(png, Png.Chunk("EVIL", [1])));
        for (var part = 1; part <= 40; part++)
        {
            var (what, file) = (part % 3) switch { 0 => ("JPEG", jpeg), 1 => ("PNG", png), _ => ("WebP", webp) };
            yield return ($"{part} of 41 parts of a {what}", file[..(file.Length * part / 41)]);
        }
    }

    private static Image Animation(Image frame) => frame.Join(frame.Invert(), Enums.Direction.Vertical).Mutate(fields =>
    {
        fields.Set(GValue.GIntType, "page-height", frame.Height);
        fields.Set(GValue.ArrayIntType, "delay", new[] { 100, 100 });
    });
}
