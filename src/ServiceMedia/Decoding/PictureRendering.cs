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

            using var picture = Decode(file, header, request.LongestSide);
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

    private static Image Decode(byte[] file, Image header, int longestSide)
    {
        // CMYK is made small only after it was taken to sRGB; what is RGB already, before: there is less of it then.
        var profile = header.Interpretation == Enums.Interpretation.Cmyk ? Srgb : null;
        using var whole = Load(file, header, longestSide);
        using var upright = whole.ThumbnailImage(longestSide, height: longestSide, size: Enums.Size.Down, outputProfile: profile, intent: Enums.Intent.Relative);
        using var eightBit = InSrgb(upright, isConverted: profile is not null);
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

    /// <summary>The picture, read to its end: in the pipeline of a thumbnail, rows that cannot be read would be left as the memory was.</summary>
    private static Image Load(byte[] file, Image header, int longestSide)
    {
        // Of a JPEG without its end everything may be there but for its last two bytes; or else its picture ends too early, which is a warning.
        var (bytes, failOn) = Truncation.IsJpegWithoutEnd(file) ? (Truncation.WithEnd(file), Enums.FailOn.Warning) : (file, Enums.FailOn.Truncated);
        var excess = (double)Math.Max(header.Width, header.Height) / longestSide;
        using var rows = PictureKinds.Of(file) switch
        {
            // Half of what would do: what the decoder leaves out is less well averaged than what is made small afterwards.
            PictureKind.Jpeg => Image.JpegloadBuffer(
                bytes, shrink: excess switch { >= 16 => 8, >= 8 => 4, >= 4 => 2, _ => 1 }, access: Enums.Access.Sequential, failOn: failOn),
            PictureKind.WebP => Image.WebploadBuffer(bytes, scale: excess > 1 ? 1 / excess : 1, access: Enums.Access.Sequential, failOn: failOn),
            _ => Image.NewFromBuffer(bytes, access: Enums.Access.Sequential, failOn: failOn),
        };

        // Of 16 bits a colour the whole would take twice the memory.
        using var narrow = rows.Format == Enums.BandFormat.Uchar ? rows.Copy() : InSrgb(rows, isConverted: false);
        return narrow.CopyMemory();
    }

    private static Image InSrgb(Image picture, bool isConverted)
    {
        using var coloured = !isConverted && picture.Contains(ColourProfile)
            ? picture.IccTransform(Srgb, embedded: true, inputProfile: Srgb, intent: Enums.Intent.Relative, depth: 8)
            : picture.Copy();
        return coloured.Interpretation == Enums.Interpretation.Srgb && coloured.Format == Enums.BandFormat.Uchar
            ? coloured.Copy()
            : coloured.Colourspace(Enums.Interpretation.Srgb).Cast(Enums.BandFormat.Uchar);
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
