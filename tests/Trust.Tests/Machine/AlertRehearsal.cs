using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Explaino.Testing;
using Explaino.Testing.Metrics;

namespace Explaino.Trust.Tests.Machine;

/// <summary>Rehearsal of alerts: what was measured for some seconds goes on for an hour and a half, and Prometheus's promtool says which alerts fire.</summary>
/// <remarks>Counters go on at their speed; what grew from each sample to the next goes on to grow; everything else stays at its mean.</remarks>
internal static partial class AlertRehearsal
{
    private const int Minutes = 90;

    private static readonly string Rules = Repository.PathTo("deploy", "prometheus", "explaino.rules.yaml");

    /// <returns>The alerts that fire.</returns>
    public static async Task<IReadOnlyList<string>> FiringAsync(IReadOnlyList<IReadOnlyList<Sample>> measured)
    {
        var rules = await File.ReadAllTextAsync(Rules);
        var series = measured.Where(samples => samples.Count > 1 && rules.Contains(NameOf(samples[0]), StringComparison.Ordinal));
        var tests = new JsonObject
        {
            ["rule_files"] = new JsonArray(Rules),
            ["tests"] = new JsonArray(new JsonObject
            {
                ["interval"] = "1m",
                ["input_series"] = new JsonArray([.. series.Select(Goes)]),
                ["alert_rule_test"] = new JsonArray([.. Alert().Matches(rules).Select(alert => SilenceOf(alert.Groups[1].Value))]),
            }),
        };
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, tests.ToJsonString());
            var answer = await Command.TryRunAsync(Repository.PathTo("deploy", "local", "promtool"), ["test", "rules", file]);
            var firing = Firing().Matches(answer.Output + answer.Errors).Select(failure => failure.Groups[1].Value).Distinct().ToList();
            return (answer.ExitCode == 0) == (firing.Count == 0) ? firing : throw new InvalidOperationException(answer.Output + answer.Errors);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Nothing is expected to fire: what does is named as a failure.</summary>
    private static JsonObject SilenceOf(string alert) =>
        new JsonObject { ["eval_time"] = $"{Minutes}m", ["alertname"] = alert, ["exp_alerts"] = new JsonArray() };

    private static JsonObject Goes(IReadOnlyList<Sample> samples)
    {
        // An export each second.
        var perMinute = (samples[^1].Value - samples[0].Value) / (samples.Count - 1) * 60;
        var grows = samples[0].Counts || samples.Zip(samples.Skip(1)).All(pair => pair.First.Value < pair.Second.Value);
        var (start, step) = grows ? (samples[^1].Value, Math.Max(0, perMinute)) : (samples.Average(sample => sample.Value), 0);
        return new JsonObject { ["series"] = samples[0].Series, ["values"] = string.Create(CultureInfo.InvariantCulture, $"{start:F6}+{step:F6}x{Minutes}") };
    }

    private static string NameOf(Sample sample) => sample.Series[..sample.Series.IndexOf('{', StringComparison.Ordinal)];

    [GeneratedRegex("- alert: (\\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"alertname: *(\w+)")]
    private static partial Regex Firing();
}
