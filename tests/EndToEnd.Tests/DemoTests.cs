using System.Globalization;
using Explaino.Testing;
using Npgsql;

namespace Explaino.EndToEnd.Tests;

/// <summary><c>./dev demo</c> fills a system, and recognizes what it finds.</summary>
[Collection(OneSystem.Name)]
public sealed class DemoTests(AppHostSystem system)
{
    private static readonly (Service Service, string Table)[] Tables =
    [
        (Service.Identity, "users"), (Service.Identity, "user_images"),
        (Service.Wallet, "wallet_transactions"),
        (Service.Profile, "user_skills"), (Service.Profile, "user_education"), (Service.Profile, "user_experience"),
        (Service.Profile, "user_specializations"), (Service.Profile, "certificates"), (Service.Profile, "resume"),
        (Service.Jobs, "job_posts"), (Service.Jobs, "job_post_images"), (Service.Jobs, "job_post_comments"), (Service.Jobs, "job_post_likes"),
        (Service.Chat, "chats"), (Service.Chat, "messages"), (Service.Chat, "group_chats"), (Service.Chat, "group_messages"),
    ];

    [Fact]
    public async Task A_second_run_adds_nothing_and_a_bigger_one_only_what_is_new()
    {
        var others = (await CountAsync())["users"]; // the admin, and those of other tests
        await RunAsync("--people", "12");
        var first = await CountAsync();
        Assert.Equal(12, first["users"] - others);
        Assert.All(first, count => Assert.True(count.Value > 0, $"The demo left {count.Key} empty."));

        var again = await RunAsync("--people", "12");
        Assert.Equal(first, await CountAsync());
        Assert.Contains("Sign in as", again, StringComparison.Ordinal);

        await RunAsync("--people", "14");
        var bigger = await CountAsync();
        Assert.Equal(14, bigger["users"] - others);
        Assert.Equal(first["group_messages"], bigger["group_messages"]);
    }

    [Fact]
    public async Task A_gateway_elsewhere_is_left_alone()
    {
        var refused = await StartAsync("--gateway", "http://192.0.2.1");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--yes-really", refused.Errors, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(params string[] arguments) =>
        (await StartAsync(["--gateway", system.Gateway.BaseAddress!.AbsoluteUri, .. arguments])).Succeeded();

    private static Task<Command> StartAsync(params string[] arguments)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        return Command.TryRunAsync(ServiceProcess.Dotnet, [Repository.PathTo("artifacts", "bin", "Demo", configuration, "Demo.dll"), .. arguments]);
    }

    private async Task<Dictionary<string, long>> CountAsync()
    {
        var counts = new Dictionary<string, long>();
        foreach (var (service, table) in Tables)
        {
            await using var source = NpgsqlDataSource.Create(system.ConnectionString(service, "postgres"));
            await using var command = source.CreateCommand($"SELECT count(*) FROM {table}");
            counts[table] = Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
        }

        return counts;
    }
}
