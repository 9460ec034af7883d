using System.Net;

namespace Explaino.Client;

/// <summary>Explaino for one person on one device: every call of the API, the session, and conversations as they happen.</summary>
public sealed class ExplainoClient : IAsyncDisposable
{
    private readonly HttpMessageHandler? _transport;
    private readonly HttpClient _open;

    /// <param name="gateway">Where Explaino is.</param>
    /// <param name="options">What the app decides.</param>
    public ExplainoClient(Uri gateway, ExplainoClientOptions? options = null)
    {
        options ??= new();
        _transport = options.Transport is null ? new SocketsHttpHandler { UseCookies = false, AutomaticDecompression = DecompressionMethods.All } : null;
        var retries = new RetryHandler(_transport ?? options.Transport!, options);
        _open = new(retries, disposeHandler: false) { BaseAddress = gateway, Timeout = Timeout.InfiniteTimeSpan };
        Session = new(_open, options);
        Http = new(new SessionHandler(Session, retries), disposeHandler: false) { BaseAddress = gateway, Timeout = Timeout.InfiniteTimeSpan };
        Api = new(Http);
        Chat = new(gateway, Session, Api, options.Clock);
    }

    /// <summary>Every call of the released document; a refusal is an <see cref="ApiException{Problem}"/> with its stable code.</summary>
    public ExplainoApi Api { get; }

    public Session Session { get; }

    public Chat Chat { get; }

    /// <summary>The same session and the same rules for calls by their paths.</summary>
    public HttpClient Http { get; }

    public async ValueTask DisposeAsync()
    {
        await Chat.DisposeAsync();
        Http.Dispose();
        _open.Dispose();
        _transport?.Dispose();
    }
}

/// <summary>What an app decides about its client.</summary>
public sealed class ExplainoClientOptions
{
    /// <summary>The tokens that were saved when the app ran last.</summary>
    public Tokens? Tokens { get; init; }

    /// <summary>Keeps the tokens, or forgets them, before the first call with them: who loses them logs in anew.</summary>
    public Func<Tokens?, Task> SaveTokens { get; init; } = _ => Task.CompletedTask;

    /// <summary>How often a call is sent at most.</summary>
    public int Attempts { get; init; } = 8;

    /// <summary>A <c>Retry-After</c> beyond it is not waited for: the refusal is the answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What sends, and stays the caller's; one of its own where there is none.</summary>
    public HttpMessageHandler? Transport { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
