using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>
/// Pushes to many while instances stop and, in trust, die: every unread conversation is told of at least once; nobody is told who muted, reads or is connected; the last badge of each device
/// is that of GET /api/unread; and no word of a message goes out that nobody asked for. The providers are as strict as the real ones.
/// </summary>
public sealed class PushModelTests
{
    private static readonly int People = Scale.Of(test: 20, shortRun: 60, longRun: 200);
    private static readonly int Messages = Scale.Of(test: 300, shortRun: 3_000, longRun: 20_000);
    private const int PerSecond = 60;

    /// <summary>From commit to provider, 99 of 100, the two seconds of grace included.</summary>
    private const double Bound = 2.5;

    [Fact]
    public async Task Every_unread_conversation_is_told_of_and_nobody_who_should_not_be_although_an_instance_stops()
    {
        await using var run = await Run.BeginAsync(People);

        await run.Model.RunAsync(Math.Min(Messages, 3_000), PerSecond, async passed =>
        {
            await passed(0.4);
            await run.ReplaceAsync();
        });

        Assert.Empty(await run.Model.FaultsAsync(TimeSpan.FromSeconds(30)));
        run.Record("an instance replaced");
    }

    [Fact]
    public async Task Every_unread_conversation_is_told_of_and_nobody_who_should_not_be_although_instances_die()
    {
        Assert.SkipWhen(Scale.Of(test: 0, shortRun: 1, longRun: 1) == 0, "Belongs to ./dev trust.");
        await using var run = await Run.BeginAsync(People);
        await using var mortal = await ServiceProcess.StartAsync(Service.Chat, run.Settings);
        run.Model.Addresses = [.. run.Model.Addresses, mortal.Address];

        await run.Model.RunAsync(Messages, PerSecond, async passed =>
        {
            foreach (var share in new[] { 0.2, 0.4, 0.6, 0.8 })
            {
                await passed(share);
                await mortal.KillAsync();
                await passed(share + 0.05);
                await mortal.StartAsync();
            }
        });

        Assert.Empty(await run.Model.FaultsAsync(TimeSpan.FromSeconds(60)));
        Assert.InRange(run.Record("instances killed"), 2, Bound);
    }

    [Fact]
    public async Task Seeded_pushes_that_are_missing_too_many_or_say_too_much_are_noticed()
    {
        await using var run = await Run.BeginAsync(people: 10);
        await run.Model.RunAsync(messages: 60, PerSecond, _ => Task.CompletedTask);
        Assert.Empty(await run.Model.FaultsAsync(TimeSpan.FromSeconds(30)));
        var (unread, taken) = (await run.Model.UnreadAsync(), run.Providers.Taken.ToList());
        ModelDevice Of(Habit habit) => run.Model.Devices.First(device => device.Habit == habit && unread[device.Owner.Id].Latest.Count > 0 == (habit != Habit.Reading));
        var message = taken.First(push => (string?)push.Payload["kind"] == "message" && push.Payload["text"] is null).Payload;
        TakenPush To(ModelDevice device, Action<JsonObject>? change = null)
        {
            var payload = message.DeepClone().AsObject();
            payload["badge"] = unread[device.Owner.Id].Badge;
            change?.Invoke(payload);
            return new(device.Token, payload, TimeProvider.System.GetUtcNow());
        }

        string[][] seeded =
        [
            run.Model.Checker.In([.. taken.Where(push => push.Token != Of(Habit.Away).Token)], unread) is { } missing ? [.. missing] : [],
            [.. run.Model.Checker.In([.. taken, To(Of(Habit.Muted))], unread)],
            [.. run.Model.Checker.In([.. taken, To(Of(Habit.Connected))], unread)],
            [.. run.Model.Checker.In([.. taken, To(Of(Habit.Reading))], unread)],
            [.. run.Model.Checker.In([.. taken, To(Of(Habit.Away), payload => payload["badge"] = 99L)], unread)],
            [.. run.Model.Checker.In([.. taken, To(run.Model.Devices.First(device => device is { Habit: Habit.Away, Preview: "sender" }), payload => payload["text"] = $"{PushFaults.Content} 1")], unread)],
        ];

        Assert.All(seeded, faults => Assert.NotEmpty(faults));
    }

    /// <summary>Two instances on servers of their own, of which one stays.</summary>
    private sealed class Run : IAsyncDisposable
    {
        private ServiceEnvironment _environment = null!;
        private ServiceHost<Program> _stays = null!;
        private ServiceHost<Program> _goes = null!;

        public FakeProviders Providers { get; private set; } = null!;

        public PushModel Model { get; private set; } = null!;

        public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(_environment.Settings.Concat(Providers.Settings));

        public static async Task<Run> BeginAsync(int people)
        {
            var run = new Run { Providers = await FakeProviders.StartAsync(), _environment = await ServiceEnvironment.CreateAsync(Service.Chat) };
            (run._stays, run._goes) = (await run.StartAsync(), await run.StartAsync());
            run.Model = new(run._environment, run.Providers, [.. Enumerable.Range(0, people).Select(number => TestUser.New($"person.{number}"))]) { Addresses = [run._stays.Address, run._goes.Address] };
            await run.Model.BeginAsync(run._stays.Address);
            return run;
        }

        /// <summary>As a deployment does: people go elsewhere, the instance stops, and another one comes.</summary>
        public async Task ReplaceAsync()
        {
            Model.Addresses = [_stays.Address];
            await _goes.DisposeAsync();
            _goes = await StartAsync();
            Model.Addresses = [_stays.Address, _goes.Address];
        }

        /// <returns>The seconds that 99 of 100 pushes took.</returns>
        public double Record(string what)
        {
            var (latencies, pushes) = (Model.Latencies, Providers.Taken.Count);
            double At(double share) => latencies[(int)(latencies.Count * share)];
            Figures.Record("Chat", $"faults of pushes, {what}; people, messages, pushes", $"0; {People}, {Model.Count}, {pushes}");
            Figures.Record("Chat", $"commit to push provider, {what}, of which 2 s are the grace; p50, p99 s", $"{At(0.5) / 1_000:0.00}, {At(0.99) / 1_000:0.00}");
            return At(0.99) / 1_000;
        }

        public async ValueTask DisposeAsync()
        {
            await Model.DisposeAsync();
            await _goes.DisposeAsync();
            await _stays.DisposeAsync();
            await _environment.DisposeAsync();
            await Providers.DisposeAsync();
        }

        private async Task<ServiceHost<Program>> StartAsync()
        {
            var host = new ServiceHost<Program>(_environment, Providers.Settings);
            await host.InitializeAsync();
            return host;
        }
    }
}
