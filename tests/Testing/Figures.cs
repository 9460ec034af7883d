using System.Globalization;
using System.Text.Json;

namespace Explaino.Testing;

/// <summary>How much a test tries: little in every test run, more in `./dev trust --short`, all of it in `./dev trust` (EXPLAINO_SCALE).</summary>
public static class Scale
{
    private static readonly string Chosen = Environment.GetEnvironmentVariable("EXPLAINO_SCALE") ?? "test";

    public static bool IsLong => Chosen == "long";

    public static int Of(int test, int shortRun, int longRun) => Chosen switch
    {
        "test" => test,
        "short" => shortRun,
        "long" => longRun,
        _ => throw new InvalidOperationException("EXPLAINO_SCALE is test, short or long."),
    };
}

/// <summary>What a test measured, for the tables that `./dev trust` prints and keeps; one line of JSON each in EXPLAINO_FIGURES, if that names a file.</summary>
public static class Figures
{
    private static readonly Lock Gate = new();

    /// <param name="area">The part of the table, as <c>Money</c>.</param>
    /// <param name="figure">What was counted or timed, with its unit.</param>
    /// <param name="value">Formatted for people.</param>
    public static void Record(string area, string figure, FormattableString value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        Xunit.TestContext.Current.SendDiagnosticMessage($"{area}: {figure}: {text}");
        if (Environment.GetEnvironmentVariable("EXPLAINO_FIGURES") is { Length: > 0 } file)
        {
            lock (Gate)
            {
                File.AppendAllText(file, JsonSerializer.Serialize(new { area, figure, value = text }) + '\n');
            }
        }
    }
}
