using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Explaino.IdentityService.Passwords;

/// <summary>
/// Password hashing: ASP.NET Core Identity's PBKDF2-SHA512, off the request threads and never more at once than there are processors, so that a burst of logins
/// leaves the rest of the service responsive. The queue is bounded: who finds it full gets 503 with <c>Retry-After</c> at once.
/// </summary>
internal sealed class PasswordHashing : IDisposable
{
    private readonly PasswordHasher<PasswordHashing> _hasher;
    private readonly SemaphoreSlim _processors = new(Environment.ProcessorCount);
    private readonly Lazy<string> _nobody;
    private readonly int _maximum;
    private int _inside;

    public PasswordHashing(IOptions<PasswordOptions> options)
    {
        _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = options.Value.Iterations }));
        _maximum = Environment.ProcessorCount + options.Value.MaximumWaiting;
        _nobody = new(() => _hasher.HashPassword(this, ""));
    }

    /// <exception cref="DependencyUnavailableException">Too many wait already.</exception>
    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        RunAsync(() => _hasher.HashPassword(this, PasswordRules.Canonical(password)), cancellationToken);

    /// <param name="hash">Null where there is no such user, which takes the same time to find wrong.</param>
    /// <param name="password">What was given.</param>
    /// <param name="cancellationToken">Until it is verified.</param>
    /// <exception cref="DependencyUnavailableException">Too many wait already.</exception>
    public Task<PasswordVerificationResult> VerifyAsync(string? hash, string password, CancellationToken cancellationToken) =>
        RunAsync(() => Verify(hash ?? _nobody.Value, password) is var result && hash is null ? PasswordVerificationResult.Failed : result, cancellationToken);

    public void Dispose() => _processors.Dispose();

    private PasswordVerificationResult Verify(string hash, string password)
    {
        var canonical = PasswordRules.Canonical(password);
        var result = _hasher.VerifyHashedPassword(this, hash, canonical);

        // A hash from before passwords were normalized is of the password as it was typed.
        return result == PasswordVerificationResult.Failed && canonical != password
            && _hasher.VerifyHashedPassword(this, hash, password) != PasswordVerificationResult.Failed
            ? PasswordVerificationResult.SuccessRehashNeeded
            : result;
    }

    private async Task<T> RunAsync<T>(Func<T> hash, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _inside) > _maximum)
            {
                throw new DependencyUnavailableException("Too many passwords wait to be hashed.");
            }

            await _processors.WaitAsync(cancellationToken);
            try
            {
                return await Task.Run(hash, cancellationToken);
            }
            finally
            {
                _processors.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }
}

/// <summary>The <c>Passwords</c> section of configuration.</summary>
internal sealed class PasswordOptions
{
    /// <summary>What OWASP asks for with PBKDF2 and SHA-512; outside Development nothing less is accepted.</summary>
    public const int MinimumIterations = 210_000;

    /// <summary>More makes every later login hash its password anew.</summary>
    public int Iterations { get; set; } = MinimumIterations;

    /// <summary>How many passwords may wait to be hashed; by default about ten seconds' worth. Whoever comes then is told to come back.</summary>
    public int MaximumWaiting { get; set; } = 100 * Environment.ProcessorCount;
}
