using System.Globalization;

namespace Explaino.ServiceMedia.Decoding;

/// <summary>
/// The verb <c>media</c>, by which a service's binary is its own decoder: a child process that renders one picture after the other, so that whatever a
/// picture does to the library that decodes it, the service goes on (docs/adr/0012). For services only: it speaks <see cref="RenderRequest"/> on its
/// standard streams.
/// </summary>
public static class MediaVerb
{
    private const string Name = "media";

    /// <summary>Whether the process is to be a decoder; asked before anything of the service is built.</summary>
    public static bool Is(string[] args) => args is [Name, _];

    /// <summary>Renders until its standard input ends.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        PictureRendering.Prepare();
        DecoderLimits.Apply(ulong.Parse(args[1], CultureInfo.InvariantCulture));
        using var questions = Console.OpenStandardInput();
        using var answers = Console.OpenStandardOutput();
        answers.WriteByte(1);

        var head = new byte[RenderRequest.HeadLength];
        while (questions.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length)
        {
            var request = RenderRequest.Of(head);
            var file = new byte[request.Length];
            questions.ReadExactly(file);
            DecoderLimits.AllowSeconds(request.Seconds);
            var (response, bytes) = PictureRendering.Render(file, request);
            answers.Write(response.ToBytes());
            answers.Write(bytes);
        }

        return 0;
    }

    internal static string[] Arguments(long memory) => [Name, memory.ToString(CultureInfo.InvariantCulture)];
}
