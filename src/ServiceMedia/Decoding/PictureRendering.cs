using NetVips;

namespace Explaino.ServiceMedia.Decoding;

/// <summary>Decodes a foreign picture and encodes it anew (libvips): upright, in sRGB, its first frame, without metadata, and not larger than is asked for.</summary>
internal static class PictureRendering
{
    /// <summary>What a picture may unfold into.</summary>
    public const long MaximumPixels = 50_000_000;

    private const int JpegQuality = 88, WebPQuality = 80;

    private const string Srgb = "srgb", ColourProfile = "icc-profile-data";

    /// <summary>Of all the formats that libvips reads only these: what else a file claims to be, it is not opened.</summary>
    private static readonly string[] Loaders = ["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadHeif", "VipsForeignLoadNsgif"];

    public static void Prepare()
    {
        NetVips.NetVips.BlockUntrusted = true;
        Operation.Block("VipsForeignLoad", true);
        foreach (var loader in Loaders)
        {
            Operation.Block(loader, false);
        }

        // One picture at a time: nothing comes twice, and the processes share the cores among them.
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
    }

    public static (RenderResponse Response, byte[] Bytes) Render(byte[] file, in RenderRequest request)
    {
        if (Truncation.IsPngWithoutEnd(file))
        {
            return (new(RenderOutcome.Damaged, default, 0, 0, "", 0), []);
        }

        try
        {
            using var header = Image.NewFromBuffer(file, access: Enums.Access.Sequential);
            if ((long)header.Width * header.Height > MaximumPixels)
            {
                return (new(RenderOutcome.TooLarge, default, header.Width, header.Height, "", 0), []);
            }

            using var picture = Decode(file, request.LongestSide, isPrint: header.Interpretation == Enums.Interpretation.Cmyk);
            var format = request.Format == PictureFormat.Plain ? (picture.HasAlpha() ? PictureFormat.Png : PictureFormat.Jpeg) : request.Format;
            var bytes = Encode(picture, format);
            var placeholder = request.WithPlaceholder ? Placeholder(picture) : "";
            return (new(RenderOutcome.Done, format, picture.Width, picture.Height, placeholder, bytes.Length), bytes);
        }
        catch (VipsException)
        {
            return (new(RenderOutcome.Damaged, default, 0, 0, "", 0), []);
        }
    }

    // Of a JPEG without its end everything may be there but for its last two bytes; or else its picture ends too early, which is a warning.
    private static Image Decode(byte[] file, int longestSide, bool isPrint) => Truncation.IsJpegWithoutEnd(file)
        ? Decode(Truncation.WithEnd(file), longestSide, isPrint, Enums.FailOn.Warning)
        : Decode(file, longestSide, isPrint, Enums.FailOn.Truncated);

    /// <param name="isPrint">CMYK, which is made small only after it was taken to sRGB; what is RGB already, before: there is less of it then.</param>
    private static Image Decode(byte[] file, int longestSide, bool isPrint, Enums.FailOn failOn)
    {
        using var upright = Image.ThumbnailBuffer(
            file, longestSide, height: longestSide, size: Enums.Size.Down, outputProfile: isPrint ? Srgb : null, intent: Enums.Intent.Relative, failOn: failOn);
        using var coloured = !isPrint && upright.Contains(ColourProfile)
            ? upright.IccTransform(Srgb, embedded: true, inputProfile: Srgb, intent: Enums.Intent.Relative, depth: 8)
            : upright.Copy();
        using var eightBit = coloured.Interpretation == Enums.Interpretation.Srgb && coloured.Format == Enums.BandFormat.Uchar
            ? coloured.Copy()
            : coloured.Colourspace(Enums.Interpretation.Srgb).Cast(Enums.BandFormat.Uchar);
        var picture = eightBit.CopyMemory();
        if (!picture.HasAlpha() || picture[picture.Bands - 1].Min() < byte.MaxValue)
        {
            return picture;
        }

        using (picture)
        {
            return picture.ExtractBand(0, n: picture.Bands - 1).CopyMemory();
        }
    }

    private static byte[] Encode(Image picture, PictureFormat format)
    {
        switch (format)
        {
            case PictureFormat.WebP:
                return picture.WebpsaveBuffer(q: WebPQuality, effort: 3, keep: Enums.ForeignKeep.None);
            case PictureFormat.Png:
                return picture.PngsaveBuffer(compression: 6, keep: Enums.ForeignKeep.None);
            default:
                using (var opaque = picture.HasAlpha() ? picture.Flatten(background: [255]) : picture.Copy())
                {
                    return opaque.JpegsaveBuffer(q: JpegQuality, optimizeCoding: true, keep: Enums.ForeignKeep.None);
                }
        }
    }

    private static string Placeholder(Image picture)
    {
        using var small = picture.ThumbnailImage(BlurHash.EnoughPixels, height: BlurHash.EnoughPixels);
        using var opaque = small.HasAlpha() ? small.Flatten(background: [255]) : small.Copy();
        using var rgb = opaque.Bands == 3 ? opaque.Copy() : opaque[0].Bandjoin(opaque[0], opaque[0]);
        return BlurHash.Of(rgb.WriteToMemory<byte>(), rgb.Width, rgb.Height);
    }
}
