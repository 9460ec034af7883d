using System.Text.Json;

namespace Explaino.Bench;

/// <summary>floors.json: what each ratio must not fall below, with room for the noise of a machine that has other work.</summary>
internal static class Floors
{
    /// <returns>The exit code.</returns>
    public static int Judge(IReadOnlyList<Measured> measured)
    {
        var floors = JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(BenchSystem.Floors))!;
        var below = measured.Where(row => row.Product.Errors > 0 || row.Ratio < floors.GetValueOrDefault(row.Row.Name)).ToList();
        foreach (var row in below)
        {
            Console.Error.WriteLine(
                $"{row.Row.Name}: {row.Ratio:F2} with {row.Product.Errors} errors; the floor is {floors.GetValueOrDefault(row.Row.Name):F2} without any.");
        }

        return below.Count == 0 ? 0 : 1;
    }
}
