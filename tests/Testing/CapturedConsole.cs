using System.Text;

namespace Explaino.Testing;

/// <summary>Keeps what a verb prints for the test that runs it, while other tests run beside it.</summary>
internal sealed class CapturedConsole(TextWriter console) : TextWriter
{
    private static readonly AsyncLocal<StringWriter?> Captured = new();

    static CapturedConsole()
    {
        Console.SetOut(new CapturedConsole(Console.Out));
        Console.SetError(new CapturedConsole(Console.Error));
    }

    public override Encoding Encoding => console.Encoding;

    public static async Task<ServiceVerb> DuringAsync(Func<Task<int>> run)
    {
        var output = Captured.Value = new StringWriter();
        return new(await run(), output.ToString());
    }

    public override void Write(char value) => (Captured.Value ?? console).Write(value);

    public override void Write(string? value) => (Captured.Value ?? console).Write(value);
}
