using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Explaino.Testing;

/// <summary>What a hub method refused with: <c>code: sentence</c>.</summary>
public sealed class HubRefusedException(string message) : Exception(message);

/// <summary>SignalR client of the chat hub, as an app has one: it keeps all it is told in the order in which it comes.</summary>
public sealed class HubClient : IAsyncDisposable
{
    private static readonly string[] Events =
        ["MessageReceived", "MessageUpdated", "MessageDeleted", "ConversationRead", "Typing", "PresenceChanged", "GroupChanged", "RemovedFromGroup", "UnreadChanged"];

    private readonly HubConnection _connection;
    private readonly Channel<(string Target, JsonObject Argument)> _told = Channel.CreateUnbounded<(string, JsonObject)>();
    private readonly List<(string Target, JsonObject Argument)> _passedOver = [];
    private readonly TaskCompletionSource<bool> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _mayComeBack;

    private HubClient(IHubConnectionBuilder builder)
    {
        // The policy is asked only if the server did not say to stay away.
        _connection = builder.WithAutomaticReconnect(new NeverAgain(() => _mayComeBack = true)).Build();
        foreach (var name in Events)
        {
            _connection.On<JsonObject>(name, argument => { _told.Writer.TryWrite((name, argument)); });
        }

        _connection.Closed += _ =>
        {
            _told.Writer.TryComplete();
            _closed.TrySetResult(!_mayComeBack);
            return Task.CompletedTask;
        };
    }

    /// <summary>Ends when the connection does; tells whether the server said not to come back by oneself.</summary>
    public Task<bool> Closed => _closed.Task;

    /// <param name="address">Of the gateway, or of an instance of ChatService.</param>
    /// <param name="token">The access token, which goes in the query, as browsers must send it.</param>
    /// <param name="query">What else the query says, from an ampersand on.</param>
    public static async Task<HubClient> ConnectAsync(Uri address, string token, string query = "")
    {
        var builder = new HubConnectionBuilder()
            .WithUrl(new Uri(address, $"/hubs/chat?access_token={token}{query}"), options =>
            {
                options.SkipNegotiation = true;
                options.Transports = HttpTransportType.WebSockets;
            });
        builder.Services.Configure<JsonHubProtocolOptions>(options => options.PayloadSerializerOptions.Converters.Add(new RawConverter()));
        var client = new HubClient(builder);
        try
        {
            await client._connection.StartAsync();
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    public Task<JsonNode?> InvokeAsync(string target, object? argument) => InvokeRawAsync(target, JsonSerializer.Serialize(argument));

    /// <param name="target">The method.</param>
    /// <param name="argument">JSON as it goes over the wire, right or wrong.</param>
    /// <exception cref="HubRefusedException">The method refused.</exception>
    public async Task<JsonNode?> InvokeRawAsync(string target, string argument)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            return await _connection.InvokeAsync<JsonNode?>(target, new Raw(argument), limit.Token);
        }
        catch (HubException e)
        {
            throw new HubRefusedException(e.Message.Split("HubException: ")[^1]);
        }
    }

    /// <summary>The next thing told under this name that fits; what comes before it is kept for later.</summary>
    public async Task<JsonObject> ExpectAsync(string target, Func<JsonObject, bool>? fits = null, TimeSpan? timeout = null)
    {
        bool Wanted((string Target, JsonObject Argument) told) => told.Target == target && (fits is null || fits(told.Argument));

        var index = _passedOver.FindIndex(told => Wanted(told));
        if (index >= 0)
        {
            var found = _passedOver[index].Argument;
            _passedOver.RemoveAt(index);
            return found;
        }

        using var limit = new CancellationTokenSource(timeout ?? TimeSpan.FromSeconds(60));
        try
        {
            while (true)
            {
                var told = await _told.Reader.ReadAsync(limit.Token);
                if (Wanted(told))
                {
                    return told.Argument;
                }

                _passedOver.Add(told);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{target} did not come; what came: {string.Join(", ", _passedOver.Select(told => $"{told.Target} {told.Argument.ToJsonString()}"))}");
        }
    }

    /// <summary>All that has been told so far and nobody expected yet.</summary>
    public IReadOnlyList<(string Target, JsonObject Argument)> SoFar()
    {
        while (_told.Reader.TryRead(out var told))
        {
            _passedOver.Add(told);
        }

        return _passedOver;
    }

    /// <summary>Reads what is told as a stream, until the connection ends.</summary>
    public IAsyncEnumerable<(string Target, JsonObject Argument)> AllAsync() => _told.Reader.ReadAllAsync();

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private sealed class NeverAgain(Action asked) : IRetryPolicy
    {
        public TimeSpan? NextRetryDelay(RetryContext retryContext)
        {
            asked();
            return null;
        }
    }

    private sealed record Raw(string Json);

    private sealed class RawConverter : JsonConverter<Raw>
    {
        public override Raw Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Raw value, JsonSerializerOptions options) => writer.WriteRawValue(value.Json, skipInputValidation: true);
    }
}
