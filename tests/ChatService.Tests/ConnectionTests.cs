using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Net.WebSockets;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>How a device's connection begins and ends, and what it may ask for.</summary>
public sealed class ConnectionTests(TwoInstances chat)
{
    [Fact]
    public async Task The_rate_of_calls_is_the_users_over_however_many_connections()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var id = await asAda.StartChatAsync(bob);
        var devices = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => chat.ConnectAsync(ada)));
        await using var neighbour = await chat.ConnectAsync(bob);
        var started = Stopwatch.GetTimestamp();

        var calls = await Task.WhenAll(Enumerable.Range(0, 800).Select(async call =>
        {
            try
            {
                await devices[call % devices.Length].InvokeAsync("Typing", new { chat_id = id });
                return "";
            }
            catch (HubRefusedException refusal)
            {
                return refusal.Message;
            }
        }));

        // A hundred at once, and fifty a second.
        var allowed = 100 + (50 * (Stopwatch.GetElapsedTime(started).TotalSeconds + 1));
        Assert.InRange(calls.Count(call => call.Length == 0), 100, allowed);
        Assert.All(calls, call => Assert.True(call.Length == 0 || call.StartsWith("rate_limited: ", StringComparison.Ordinal), call));
        await neighbour.InvokeAsync("Typing", new { chat_id = id });
        await Task.WhenAll(devices.Select(device => device.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Of_more_than_twenty_connections_of_a_user_over_all_instances_the_oldest_go()
    {
        var user = TestUser.New();
        await using var somebodyElse = await chat.ConnectAsync(TestUser.New());
        var devices = new List<HubClient>();
        for (var number = 0; number < 20; number++)
        {
            devices.Add(await chat.ConnectAsync(user, toOther: number % 2 == 0));
        }

        // One of each instance makes room by itself.
        await devices[0].DisposeAsync();
        await devices[1].DisposeAsync();
        devices.AddRange(await Task.WhenAll(Enumerable.Range(0, 12).Select(number => chat.ConnectAsync(user, toOther: number % 2 == 0))));

        var displaced = devices[2..12];
        foreach (var device in displaced)
        {
            Assert.True(await device.Closed.WaitAsync(TimeSpan.FromSeconds(5)), "The client is told not to come back by itself.");
        }

        Assert.All(devices[12..], device => Assert.False(device.Closed.IsCompleted));
        Assert.False(somebodyElse.Closed.IsCompleted);
        await Task.WhenAll(devices.Select(device => device.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Hundreds_of_connections_at_once_leave_twenty()
    {
        var user = TestUser.New();
        var devices = await Task.WhenAll(Enumerable.Range(0, 120).Select(number => chat.ConnectAsync(user, toOther: number % 2 == 0)));

        await Eventually.TrueAsync(() => devices.Count(device => !device.Closed.IsCompleted) <= 20);

        // Those that are left are served.
        var left = devices.Where(device => !device.Closed.IsCompleted).ToList();
        Assert.Equal(20, left.Count);
        await Assert.ThrowsAsync<HubRefusedException>(() => left[0].InvokeAsync("Typing", new { }));
        await Task.WhenAll(devices.Select(device => device.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_revoked_session_is_disconnected_on_every_instance_and_others_of_the_user_are_not()
    {
        var user = TestUser.New();
        var otherSession = user with { SessionId = Guid.CreateVersion7() };
        await using var here = await chat.ConnectAsync(user);
        await using var there = await chat.ConnectAsync(user, toOther: true);
        await using var untouched = await chat.ConnectAsync(otherSession);

        var revoked = EventDocuments.Example("session-revoked.v1");
        revoked["sessionId"] = user.SessionId;
        revoked["userId"] = user.Id;
        revoked["expiresAt"] = TimeProvider.System.GetUtcNow().AddMinutes(15).ToString("O");
        await chat.Environment.Broker.PublishAsync("session-revoked.v1", revoked);

        Assert.True(await here.Closed.WaitAsync(TimeSpan.FromSeconds(5)), "The client is told not to come back by itself.");
        Assert.True(await there.Closed.WaitAsync(TimeSpan.FromSeconds(5)), "The client is told not to come back by itself.");
        Assert.False(untouched.Closed.IsCompleted);
        await Assert.ThrowsAsync<WebSocketException>(() => chat.ConnectAsync(user));
    }

    [Fact]
    public async Task A_token_that_runs_out_ends_its_connection_unless_it_is_renewed()
    {
        var clock = new TestClock();
        await using var host = new ChatBehindGateway(chat.Environment, clock);
        await host.InitializeAsync();
        var user = TestUser.New();
        await using var expiring = await TwoInstances.ConnectAsync(host, user);
        await using var renewing = await TwoInstances.ConnectAsync(host, user);
        clock.Advance(TimeSpan.FromMinutes(10));
        await renewing.InvokeAsync("Renew", host.TokenFor(user));
        var foreign = chat.Environment.Issuer.Issue(user with { SessionId = Guid.CreateVersion7() });
        await Assert.ThrowsAsync<HubRefusedException>(() => renewing.InvokeAsync("Renew", foreign));

        clock.Advance(TimeSpan.FromMinutes(6));

        Assert.False(await expiring.Closed.WaitAsync(TimeSpan.FromSeconds(5)), "The client may come back with another token.");
        Assert.False(renewing.Closed.IsCompleted);
    }

    [Fact]
    public async Task Any_instance_takes_a_connection_that_another_negotiated()
    {
        var user = TestUser.New();
        using var client = chat.One.As(user);

        using var answer = await client.PostAsync("/hubs/chat/negotiate?negotiateVersion=1", null);
        var negotiated = await answer.ReadObjectAsync();

        Assert.Equal("WebSockets", (string?)Assert.Single(negotiated["availableTransports"]!.AsArray())!["transport"]);
        await using var device = await TwoInstances.ConnectAsync(chat.Other, user, $"&id={negotiated["connectionToken"]}");
        await Assert.ThrowsAsync<HubRefusedException>(() => device.InvokeAsync("Typing", new { }));
    }

    [Fact]
    public async Task A_device_that_does_not_read_is_cut_and_slows_nobody()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var id = await asAda.StartChatAsync(bob);
        long cut = 0;
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "explaino.chat.connections.cut")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref cut, count));
        meters.Start();
        using var stuck = new ClientWebSocket();
        using var slow = InvokerWithSmallBuffer();
        var address = new UriBuilder(new Uri(chat.One.InstanceAddress, $"/hubs/chat?access_token={chat.Environment.Issuer.Issue(bob)}")) { Scheme = "ws" };
        await stuck.ConnectAsync(address.Uri, slow, CancellationToken.None);
        await stuck.SendAsync("{\"protocol\":\"json\",\"version\":1}\u001e"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        await using var reading = await chat.ConnectAsync(bob);
        var content = new string('ß', 4000);

        // It is alive, or it would be given up for that; it learns by this that it has been cut: by its full mailbox, or, where that fills slowly, because a
        // send to it took longer than SignalR allows.
        var pinging = Task.Run(async () =>
        {
            while (stuck.State == WebSocketState.Open)
            {
                await stuck.SendAsync("{\"type\":6}\u001e"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
                await Task.Delay(TimeSpan.FromSeconds(2));
            }
        });

        // More than a mailbox and the sockets' buffers hold.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var count = 0; count < 300; count++)
            {
                await asAda.SayAsync($"chats/{id}", content);
            }
        }));

        for (var seq = 1; seq <= 2_400; seq++)
        {
            Assert.Equal(seq, (int)(await reading.ExpectAsync("MessageReceived"))["seq"]!);
        }

        await Eventually.TrueAsync(() => pinging.IsCompleted, TimeSpan.FromMinutes(1));
        Assert.InRange(await ReadToTheEndAsync(stuck), 0, 2_400 * content.Length);
        await pinging.ContinueWith(_ => { }, TaskScheduler.Default);
        await Eventually.TrueAsync(() => Interlocked.Read(ref cut) > 0, TimeSpan.FromSeconds(30));
    }

    /// <summary>How many bytes were on their way when the connection was ended.</summary>
    private static async Task<long> ReadToTheEndAsync(ClientWebSocket socket)
    {
        var (read, buffer) = (0L, new byte[64 * 1024]);
        try
        {
            while (await socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } part)
            {
                read += part.Count;
            }
        }
        catch (WebSocketException)
        {
            // Ended without a farewell, which would not have got through.
        }

        return read;
    }

    /// <summary>The kernel grows a receive buffer up to <c>tcp_rmem</c>, 32 MiB on some machines: all that this test sends, unless its size is set.</summary>
    private static HttpMessageInvoker InvokerWithSmallBuffer() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });
}
