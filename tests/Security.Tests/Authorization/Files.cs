namespace Explaino.Security.Tests.Authorization;

/// <summary>The smallest files that are accepted.</summary>
internal static class Files
{
    // One white pixel.
    private const string PngText = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

    public static byte[] Pixel { get; } = Convert.FromBase64String(PngText);

    public static MultipartFormDataContent Picture() => Form(Pixel, "pixel.png");

    public static MultipartFormDataContent Resume() => Form([.. "%PDF-1.7\n"u8, .. new byte[200], .. "\n%%EOF\n"u8], "cv.pdf");

    public static MultipartFormDataContent Form(byte[] file, string name) => new() { { new ByteArrayContent(file), "file", name } };
}
