namespace Explaino.Deployment.Tests;

/// <summary>deploy/scripts/roll-out against a kubectl that writes down what it is asked: no cluster is at hand, but the order of the steps is what matters.</summary>
public sealed class RollOutTests : IDisposable
{
    private const string Kubectl = """
        #!/bin/sh
        echo "$*" >>"$(dirname "$0")/asked"
        case "$*" in
          *"get job"*) echo "$MIGRATION" ;;
          *"rollout status"*) exit "$STATUS" ;;
        esac
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("explaino-kubectl-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_service_is_migrated_before_its_new_version_serves()
    {
        (await RollOutAsync("wallet", "SuccessCriteriaMet Complete", "0")).Succeeded();

        Assert.Equal(
            [
                "apply !app.kubernetes.io/component",
                "delete job wallet-migration",
                "apply app.kubernetes.io/component=migration,app.kubernetes.io/name=wallet",
                "get job wallet-migration",
                "apply app.kubernetes.io/component=service,app.kubernetes.io/name=wallet",
                "rollout status deployment/wallet",
            ],
            await StepsAsync());
    }

    [Fact]
    public async Task The_gateway_has_nothing_to_migrate()
    {
        (await RollOutAsync("gateway", "", "0")).Succeeded();

        Assert.DoesNotContain(await StepsAsync(), step => step.Contains("migration", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_migration_leaves_the_old_version_alone()
    {
        var answer = await RollOutAsync("wallet", "Failed", "0");

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("was not migrated", answer.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(await StepsAsync(), step => step.Contains("component=service", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_version_that_does_not_become_healthy_is_taken_back()
    {
        var answer = await RollOutAsync("wallet", "Complete", "1");

        Assert.Equal(1, answer.ExitCode);
        Assert.Equal("rollout undo deployment/wallet", (await StepsAsync())[^1]);
    }

    private async Task<Command> RollOutAsync(string service, string migration, string status)
    {
        var kubectl = Path.Combine(_folder.FullName, "kubectl");
        (await Command.TryRunAsync("install", ["-m", "755", "/dev/stdin", kubectl], input: Kubectl)).Succeeded();
        return await Command.TryRunAsync("deploy/scripts/roll-out", ["production", service], environment: new Dictionary<string, string?>
        {
            ["PATH"] = $"{_folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}",
            ["MIGRATION"] = migration,
            ["STATUS"] = status,
        });
    }

    /// <summary>Without the words that are the same each time.</summary>
    private async Task<List<string>> StepsAsync() =>
    [
        .. (await File.ReadAllLinesAsync(Path.Combine(_folder.FullName, "asked"))).Select(line => string.Join(' ', line.Split(' ')
            .Where(word => !word.StartsWith("--", StringComparison.Ordinal) || word.StartsWith("--selector=", StringComparison.Ordinal))
            .Select(word => word.Replace("--selector=", "", StringComparison.Ordinal)))),
    ];
}
