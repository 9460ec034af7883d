using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>Small files of each format that a message carries, and how a client uploads them.</summary>
internal static class Uploads
{
    /// <summary>400 by 300 pixels: larger than the smallest sizes.</summary>
    public static byte[] Photo { get; } = [.. Png.Of(400, 300)[..33], .. Png.Chunk("IDAT", Png.Zlib(new byte[401 * 300])), .. Png.Chunk("IEND", [])];

    /// <summary>Height and width in the frame header of a baseline JPEG (ITU-T T.81, B.2.2).</summary>
    public static (int Height, int Width) SizeOf(ReadOnlySpan<byte> jpeg)
    {
        var frame = jpeg[jpeg.IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0])..];
        return (BinaryPrimitives.ReadUInt16BigEndian(frame[5..]), BinaryPrimitives.ReadUInt16BigEndian(frame[7..]));
    }

    public static byte[] Pdf { get; } = [.. "%PDF-1.7\n"u8, .. new byte[200], .. "\n%%EOF\n"u8];

    public static byte[] Opus { get; } = OggOf("OpusHead");

    public static byte[] OggOf(string magic) => [.. "OggS"u8, .. new byte[22], 1, 19, .. Encoding.ASCII.GetBytes(magic), .. new byte[11]];

    /// <summary>An ISO base media file with tracks of these handlers.</summary>
    public static byte[] Mp4(string brand, params string[] handlers) =>
    [
        .. Box("ftyp", [.. Encoding.ASCII.GetBytes(brand), .. new byte[4]]),
        .. Box("mdat", new byte[64]),
        .. Box("moov", [.. Box("mvhd", new byte[100]), .. handlers.SelectMany(Track)]),
    ];

    public static Task<HttpResponseMessage> TryUploadAsync(this HttpClient client, byte[] file, string name = "x", Guid? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/attachments") { Content = new MultipartFormDataContent { { new ByteArrayContent(file), "file", name } } };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key.ToString());
        }

        return client.SendAsync(request);
    }

    public static async Task<JsonObject> UploadAsync(this HttpClient client, byte[] file, string name = "x")
    {
        using var answer = await client.TryUploadAsync(file, name);
        return await answer.ReadObjectAsync(HttpStatusCode.Created);
    }

    public static Guid Id(this JsonObject attachment) => (Guid)attachment["id"]!;

    public static string PathOf(JsonNode attachment) => new Uri((string)attachment["url"]!).PathAndQuery;

    private static byte[] Track(string handler) => Box("trak", Box("mdia", [.. Box("mdhd", new byte[24]), .. Box("hdlr", [.. new byte[8], .. Encoding.ASCII.GetBytes(handler), .. new byte[13]])]));

    private static byte[] Box(string type, byte[] content)
    {
        var size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, 8 + content.Length);
        return [.. size, .. Encoding.ASCII.GetBytes(type), .. content];
    }
}
