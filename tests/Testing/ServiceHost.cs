using System.Net;
using System.Net.Http.Headers;
using Explaino.ServiceDefaults;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.Testing.Documents;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xunit;

namespace Explaino.Testing;

/// <summary>
/// A service inside the test process, on real Kestrel, with an environment of its own; a class fixture. Tests speak HTTP to
/// it, as somebody or as nobody, and never see its insides.
/// </summary>
public class ServiceHost<TProgram> : IAsyncLifetime
    where TProgram : class
{
    private readonly Service _service;
    private readonly IReadOnlyDictionary<string, string?> _settings;
    private readonly TestClock? _clock;
    private readonly BoundedLog _log = new();
    private readonly bool _ownsEnvironment;
    private ServiceEnvironment? _environment;
    private Factory? _factory;
    private Uri? _address;
    private ResponseValidation? _handler;

    public ServiceHost(Service service, IReadOnlyDictionary<string, string?>? settings = null, TestClock? clock = null)
    {
        _service = service;
        _settings = settings ?? new Dictionary<string, string?>();
        _clock = clock;
        _ownsEnvironment = true;
    }

    /// <summary>One instance of possibly several in the same environment, which stays the caller's.</summary>
    public ServiceHost(ServiceEnvironment environment, IReadOnlyDictionary<string, string?>? settings = null, TestClock? clock = null)
        : this(environment.Service, settings, clock)
    {
        _environment = environment;
        _ownsEnvironment = false;
    }

    public ServiceEnvironment Environment => _environment ?? throw NotStarted();

    /// <summary>Where tests speak to it; virtual, so that a gateway may stand in front.</summary>
    public virtual Uri Address => _address ?? throw NotStarted();

    /// <summary>The last lines of the service's log, for a test to print.</summary>
    public string Log => _log.ToString();

    public HttpClient Anonymous() => new(_handler ?? throw NotStarted(), disposeHandler: false) { BaseAddress = Address };

    /// <summary>A client that is this user.</summary>
    public HttpClient As(TestUser user) => WithToken(TokenFor(user));

    /// <summary>Good by the service's clock.</summary>
    public string TokenFor(TestUser user) => Environment.Issuer.Issue(user, new TokenOptions { IssuedAt = _clock?.GetUtcNow() });

    public HttpClient WithToken(string token)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>What an operator's verb does and prints, without a process of its own: starting one takes longer than most verbs.</summary>
    public Task<ServiceVerb> RunVerbInProcessAsync(params string[] words) => CapturedConsole.DuringAsync(async () =>
    {
        await using var scope = (_factory ?? throw NotStarted()).Services.CreateAsyncScope();
        var verb = scope.ServiceProvider.GetServices<ServiceCommand>().Single(verb => verb.Name == words[0]);
        return await verb.RunAsync(scope.ServiceProvider, words[1..], CancellationToken.None);
    });

    /// <summary>
    /// Reads these paths often, and gives the statements that PostgreSQL planned anew each time although it had prepared them: it plans for the very parameters five times, and
    /// goes on so where those plans look cheaper than one for all.
    /// </summary>
    public async Task<IReadOnlyCollection<string>> ReplannedStatementsAsync(HttpClient client, params string[] paths)
    {
        const int OftenEnough = 60; // The pool gives its connections in turn.
        var database = (_factory ?? throw NotStarted()).Services.GetRequiredService<NpgsqlDataSource>();
        database.Clear(); // What tests before this one have prepared is not asked for.
        foreach (var path in paths.SelectMany(path => Enumerable.Repeat(path, OftenEnough)))
        {
            (await client.GetAsync(path)).EnsureSuccessStatusCode();
        }

        return await PreparedStatements.ReplannedAsync(database);
    }

    public virtual async ValueTask InitializeAsync()
    {
        _environment ??= await ServiceEnvironment.CreateAsync(_service);
        _factory = new Factory(this);
        try
        {
            _factory.StartServer();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{_service.Project} did not start:\n{Log}", e);
        }

        _address = _factory.ClientOptions.BaseAddress;
        _handler = new ResponseValidation(_service.Name, new Uri(_address, "/openapi/v1.json"));
        await Eventually.TrueAsync(AcceptsTokensAsync);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_factory is not null)
        {
            await _factory.DisposeAsync();
        }

        _handler?.Dispose();
        if (_ownsEnvironment && _environment is not null)
        {
            await _environment.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    // A service refuses every token (503) until it has fetched the revoked sessions, a moment after its start.
    private async Task<bool> AcceptsTokensAsync()
    {
        if (_factory!.Services.GetService<RevokedSessions>() is not { } sessions || _settings.ContainsKey(Service.Identity.AddressKey))
        {
            return true;
        }

        try
        {
            await sessions.IsRevokedAsync(Guid.Empty, Guid.Empty, CancellationToken.None);
            return true;
        }
        catch (DependencyUnavailableException)
        {
            return false;
        }
    }

    private static InvalidOperationException NotStarted() => new("The host is not started.");

    private sealed class Factory : WebApplicationFactory<TProgram>
    {
        private readonly ServiceHost<TProgram> _host;

        public Factory(ServiceHost<TProgram> host)
        {
            _host = host;
            UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Development");
            builder.UseContentRoot(Repository.OutputOf(_host._service.Project));
            foreach (var (key, value) in _host.Environment.Settings.Concat(_host._settings))
            {
                builder.UseSetting(key, value);
            }

            builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(_host._log));
            builder.ConfigureTestServices(services =>
            {
                if (_host._clock is { } clock)
                {
                    services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
                }
            });
        }
    }
}
