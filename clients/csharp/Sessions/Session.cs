namespace Explaino.Client;

/// <summary>The tokens of one signed-in device.</summary>
public sealed record Tokens(string AccessToken, string RefreshToken, DateTimeOffset ExpiresAt);

/// <summary>Session: who is signed in. However many calls need a newer token at once, one refresh gets it; only a refusal ends the session, never a lost answer.</summary>
public sealed class Session
{
    /// <summary>An access token that is nearly over is renewed before it is used.</summary>
    private static readonly TimeSpan RenewBefore = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly HttpClient _http;
    private readonly ExplainoApi _open;
    private readonly ExplainoClientOptions _options;
    private Task<Tokens?>? _refreshing;

    /// <param name="http">Sends without a token, so that no call here waits for one.</param>
    /// <param name="options">The tokens, and where they are kept.</param>
    internal Session(HttpClient http, ExplainoClientOptions options) => (_http, _open, _options, Tokens) = (http, new(http), options, options.Tokens);

    /// <summary>Told whenever there are other tokens; null: signed out, by oneself or by the server.</summary>
    public event Action<Tokens?>? Changed;

    /// <summary>Null if nobody is signed in.</summary>
    public Tokens? Tokens { get; private set; }

    public async Task LogInAsync(string email, string password, CancellationToken cancellationToken = default) =>
        await KeepAsync(await _open.LogInAsync(new TokenRequest { Email = email, Password = password }, cancellationToken));

    /// <summary>Makes an account and logs in. Where an answer was lost on the way, the password settles it: who can log in has made the account.</summary>
    public async Task RegisterAsync(RegisterRequest person, CancellationToken cancellationToken = default)
    {
        var taken = await TryRegisterAsync(person, cancellationToken);
        try
        {
            await LogInAsync(person.Email, person.Password, cancellationToken);
        }
        catch (ApiException) when (taken is not null)
        {
            throw taken;
        }
    }

    /// <summary>Forgets the tokens in any case; the server ends the session when it hears of it.</summary>
    public async Task LogOutAsync(CancellationToken cancellationToken = default)
    {
        if (Tokens is not { } tokens)
        {
            return;
        }

        await KeepAsync((Tokens?)null);
        try
        {
            await new ExplainoApi(_http) { Bearer = tokens.AccessToken }.LogOutAsync(new RefreshTokenRequest { Refresh_token = tokens.RefreshToken }, cancellationToken);
        }
        catch (Exception e) when (e is ApiException or HttpRequestException)
        {
            // It ends by itself, thirty days after its last use.
        }
    }

    /// <summary>One that is good for half a minute at least; null if nobody is signed in.</summary>
    public async Task<string?> AccessTokenAsync(CancellationToken cancellationToken = default)
    {
        var tokens = Tokens;
        var isFresh = tokens is null || tokens.ExpiresAt - RenewBefore > _options.Clock.GetUtcNow();
        return (isFresh ? tokens : await RefreshAsync(tokens!.AccessToken, cancellationToken))?.AccessToken;
    }

    /// <summary>Newer tokens than those that were used.</summary>
    internal Task<Tokens?> RefreshAsync(string used, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_refreshing is null && Tokens is { } tokens && tokens.AccessToken == used)
            {
                // Not with a caller's token: others wait for it too.
                _refreshing = Task.Run(() => RenewAsync(tokens), CancellationToken.None);
            }

            return _refreshing?.WaitAsync(cancellationToken) ?? Task.FromResult(Tokens);
        }
    }

    private async Task<Tokens?> RenewAsync(Tokens tokens)
    {
        try
        {
            var pair = await _open.RefreshAsync(new RefreshTokenRequest { Refresh_token = tokens.RefreshToken });
            return IsStill(tokens) ? await KeepAsync(pair) : Tokens;
        }
        catch (ApiException e) when (e.StatusCode is >= 400 and < 500 and not 429)
        {
            return IsStill(tokens) ? await KeepAsync((Tokens?)null) : Tokens;
        }
        finally
        {
            lock (_lock)
            {
                _refreshing = null;
            }
        }
    }

    /// <summary>Nobody has logged out, or in anew, since it was asked.</summary>
    private bool IsStill(Tokens tokens) => ReferenceEquals(Tokens, tokens);

    /// <returns>A refusal that came after a lost answer, and may be of the account that was just made.</returns>
    private async Task<ApiException?> TryRegisterAsync(RegisterRequest person, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _open.RegisterAsync(person, cancellationToken);
                return null;
            }
            catch (ApiException e) when (attempt > 1 && e.StatusCode == 409)
            {
                return e;
            }
            catch (HttpRequestException) when (attempt < _options.Attempts)
            {
                // Whether there is an account now is found out by asking for it again.
            }
        }
    }

    private Task<Tokens?> KeepAsync(TokenResponse pair) =>
        KeepAsync(new Tokens(pair.Access_token, pair.Refresh_token, _options.Clock.GetUtcNow().AddSeconds(pair.Expires_in)));

    private async Task<Tokens?> KeepAsync(Tokens? tokens)
    {
        await _options.SaveTokens(tokens);
        Tokens = tokens;
        Changed?.Invoke(tokens);
        return tokens;
    }
}
