using System.Diagnostics;
using Explaino.ServiceDefaults.Errors;

namespace Explaino.ServiceMedia.Decoding;

/// <summary>A child process that runs <see cref="MediaVerb"/>: it knows no secret of the service's, and is killed when a picture takes it too long.</summary>
internal sealed class Decoder : IDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Stream _answers;

    private Decoder(Process process) => (_process, _answers) = (process, new BufferedStream(process.StandardOutput.BaseStream, 64 * 1024));

    /// <summary>How many pictures it has rendered.</summary>
    public int Served { get; private set; }

    public static async Task<Decoder> StartAsync(DecoderSettings settings, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(settings.Host, [settings.Assembly, .. MediaVerb.Arguments(settings.Memory)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        foreach (var (name, value) in DecoderSettings.Environment)
        {
            start.Environment[name] = value;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartTime);
        Decoder? decoder = null;
        try
        {
            decoder = new(Process.Start(start)!);
            await decoder._answers.ReadExactlyAsync(new byte[1], limit.Token);
            return decoder;
        }
        catch (Exception e)
        {
            decoder?.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw new DependencyUnavailableException("No process that decodes pictures can be started.", e);
        }
    }

    /// <returns>The answer with its bytes; null if the process has ended, or was ended because it took too long.</returns>
    public async Task<(RenderResponse Response, byte[] Bytes)?> RenderAsync(RenderRequest request, Stream file, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            var questions = _process.StandardInput.BaseStream;
            await questions.WriteAsync(request.ToBytes(), limit.Token);
            await file.CopyToAsync(questions, limit.Token);
            await questions.FlushAsync(limit.Token);

            var response = await RenderResponse.ReadAsync(_answers, limit.Token);
            var bytes = new byte[response.Length];
            await _answers.ReadExactlyAsync(bytes, limit.Token);
            Served++;
            return (response, bytes);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is IOException or OperationCanceledException or InvalidDataException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }

        _answers.Dispose();
        _process.Dispose();
    }
}
