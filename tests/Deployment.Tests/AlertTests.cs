using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Explaino.Deployment.Tests;

/// <summary>The alert rules and the dashboard, by Prometheus's and Grafana's own words for what is right.</summary>
public sealed partial class AlertTests
{
    private static readonly string Folder = Repository.PathTo("deploy", "prometheus");

    [Fact]
    public async Task Every_alert_fires_on_what_it_is_for_and_is_silent_otherwise()
    {
        (await PromtoolAsync("check", "rules", Path.Combine(Folder, "explaino.rules.yaml"))).Succeeded();
        (await PromtoolAsync("test", "rules", Path.Combine(Folder, "explaino.rules.test.yaml"))).Succeeded();

        var tested = (await ReadAsync("explaino.rules.test.yaml")).Items("/tests").Select(test => test.Text("/name")!).ToList();
        Assert.All((await AlertsAsync()).Where(alert => alert.Text("/alert") != "ServiceSilent"), alert =>
        {
            Assert.Contains($"{alert.Text("/alert")} fires", tested);
            Assert.Contains($"{alert.Text("/alert")} is silent", tested);
        });
    }

    [Fact]
    public async Task ServiceSilent_fires_for_each_service_of_the_catalogue_and_is_silent_while_all_send()
    {
        var tests = new JsonObject
        {
            ["rule_files"] = new JsonArray(Path.Combine(Folder, "explaino.rules.yaml")),
            ["tests"] = new JsonArray([SilenceTest(null), .. Service.All.Select(SilenceTest)]),
        };
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, tests.ToJsonString());

            (await PromtoolAsync("test", "rules", file)).Succeeded();
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task An_alert_that_does_not_do_what_its_test_says_is_found()
    {
        var folder = Directory.CreateTempSubdirectory("explaino-alerts-");
        try
        {
            var rules = await File.ReadAllTextAsync(Path.Combine(Folder, "explaino.rules.yaml"));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "explaino.rules.yaml"), rules.Replace("explaino_outbox_age_seconds", "explaino_outbox_age", StringComparison.Ordinal));
            var tests = await ReadAsync("explaino.rules.test.yaml");
            tests["tests"] = new JsonArray([.. tests.Items("/tests").Where(test => test.Text("/name")!.StartsWith("OutboxStuck ", StringComparison.Ordinal)).Select(test => test.DeepClone())]);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "test.yaml"), tests.ToJsonString());

            var answer = await PromtoolAsync("test", "rules", Path.Combine(folder.FullName, "test.yaml"));

            Assert.NotEqual(0, answer.ExitCode);
            Assert.Contains("OutboxStuck", answer.Output + answer.Errors, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Every_alert_has_a_severity_and_a_run_book()
    {
        var headings = File.ReadLines(Repository.PathTo("docs", "operations.md"))
            .Where(line => line.StartsWith('#')).Select(line => line.TrimStart('#', ' ').ToLowerInvariant()).ToList();

        Assert.All(await AlertsAsync(), alert =>
        {
            Assert.Contains(alert.Text("/labels/severity"), (string[])["page", "ticket"]);
            Assert.Equal($"docs/operations.md#{alert.Text("/alert")!.ToLowerInvariant()}", alert.Text("/annotations/runbook"));
            Assert.Contains(alert.Text("/alert")!.ToLowerInvariant(), headings);
        });
    }

    [Fact]
    public async Task The_dashboard_is_one_and_asks_what_prometheus_understands()
    {
        var dashboard = await Validators.CheckAsync("dashboard", await File.ReadAllTextAsync(Repository.PathTo("deploy", "grafana", "explaino.json")));
        Assert.Empty(dashboard.Faults);

        var queries = dashboard.Documents[0].Items("/panels").SelectMany(panel => panel.Items("/targets")).Select(target => target.Text("/expr")!).ToList();
        Assert.NotEmpty(queries);
        var rules = new JsonObject
        {
            ["groups"] = new JsonArray(new JsonObject
            {
                ["name"] = "dashboard",
                ["rules"] = new JsonArray([.. queries.Select((query, index) => new JsonObject
                {
                    ["record"] = $"panel:{index}",
                    ["expr"] = query.Replace("$__rate_interval", "5m", StringComparison.Ordinal),
                })]),
            }),
        };
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, rules.ToJsonString());

            (await PromtoolAsync("check", "rules", "--lint=none", file)).Succeeded();
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_dashboard_that_grafana_does_not_know_is_found()
    {
        var broken = JsonNode.Parse(await File.ReadAllTextAsync(Repository.PathTo("deploy", "grafana", "explaino.json")))!;
        broken.Set("/panels/1/titel", "\"x\"");

        var dashboard = await Validators.CheckAsync("dashboard", broken.ToJsonString());

        Assert.Contains(dashboard.Faults, fault => fault.Contains("titel", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_services_measure_themselves_is_called_as_the_alerts_call_it()
    {
        var measured = Directory.EnumerateFiles(Repository.PathTo("src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Instrument().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value.Replace('.', '_')))
            .ToHashSet();
        var asked = (await AlertsAsync()).SelectMany(alert => OwnMetric().Matches(alert.Text("/expr")!).Select(match => match.Value)).Distinct().ToList();

        Assert.NotEmpty(asked);
        Assert.All(asked, metric => Assert.Contains(measured, name => metric == name || metric == $"{name}_seconds" || metric == $"{name}_total"));
    }

    private static JsonObject SilenceTest(Service? silent) => new()
    {
        ["interval"] = "1m",
        ["input_series"] = new JsonArray([.. Service.All.Where(service => service != silent).Select(service => new JsonObject
        {
            ["series"] = $"dotnet_process_cpu_count{{job=\"{service.Name}\"}}",
            ["values"] = "1+0x60",
        })]),
        ["alert_rule_test"] = new JsonArray(new JsonObject
        {
            ["eval_time"] = "30m",
            ["alertname"] = "ServiceSilent",
            ["exp_alerts"] = silent is null ? [] : new JsonArray(new JsonObject
            {
                ["exp_labels"] = new JsonObject { ["severity"] = "page", ["job"] = silent.Name },
                ["exp_annotations"] = new JsonObject
                {
                    ["summary"] = $"no instance of {silent.Name} sends metrics",
                    ["runbook"] = "docs/operations.md#servicesilent",
                },
            }),
        }),
    };

    private static Task<Command> PromtoolAsync(params string[] arguments) => Command.TryRunAsync(Repository.PathTo("deploy", "local", "promtool"), arguments);

    private static async Task<JsonObject> ReadAsync(string name) =>
        (await Validators.CheckAsync("yaml", await File.ReadAllTextAsync(Path.Combine(Folder, name)))).Documents[0];

    private static async Task<List<JsonNode>> AlertsAsync() =>
        [.. (await ReadAsync("explaino.rules.yaml")).Items("/groups").SelectMany(group => group.Items("/rules")).Where(rule => rule.At("/alert") is not null)];

    [GeneratedRegex("\"(explaino\\.[a-z._]+)\"")]
    private static partial Regex Instrument();

    [GeneratedRegex("explaino_[a-z_]+")]
    private static partial Regex OwnMetric();
}
