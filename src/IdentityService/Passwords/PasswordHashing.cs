using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Explaino.IdentityService.Passwords;

/// <summary>
/// Password hashing: Argon2id (docs/adr/0050), off the request threads and never more at once than there are processors, so that a burst of logins leaves the
/// rest of the service responsive. The queue is bounded: who finds it full gets 503 with <c>Retry-After</c> at once. Hashes of version 1.0, by PBKDF2, are
/// verified still, and made anew at their owner's next login.
/// </summary>
internal sealed class PasswordHashing : IDisposable
{
    private readonly PasswordHasher<PasswordHashing> _pbkdf2 = new(Options.Create(new PasswordHasherOptions { IterationCount = PasswordOptions.Iterations }));
    private readonly Argon2idHasher _argon2id;
    private readonly SemaphoreSlim _processors = new(Environment.ProcessorCount);
    private readonly Lazy<string> _nobody;
    private readonly PasswordHash _form;
    private readonly int _maximum;
    private int _inside;

    public PasswordHashing(IOptions<PasswordOptions> options)
    {
        _argon2id = new(options.Value.MemorySize, options.Value.Passes);
        _form = options.Value.Hash;
        _maximum = Environment.ProcessorCount + options.Value.MaximumWaiting;
        _nobody = new(() => Hash(""));
    }

    /// <exception cref="DependencyUnavailableException">Too many wait already.</exception>
    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        RunAsync(() => Hash(PasswordRules.Canonical(password)), cancellationToken);

    /// <param name="hash">Null where there is no such user, which takes the same time to find wrong.</param>
    /// <param name="password">What was given.</param>
    /// <param name="cancellationToken">Until it is verified.</param>
    /// <exception cref="DependencyUnavailableException">Too many wait already.</exception>
    public Task<PasswordVerificationResult> VerifyAsync(string? hash, string password, CancellationToken cancellationToken) =>
        RunAsync(() => Verify(hash ?? _nobody.Value, password) is var result && hash is null ? PasswordVerificationResult.Failed : result, cancellationToken);

    public void Dispose() => _processors.Dispose();

    private string Hash(string password) => _form is PasswordHash.Argon2id ? _argon2id.Hash(password) : _pbkdf2.HashPassword(this, password);

    private PasswordVerificationResult Verify(string hash, string password)
    {
        var canonical = PasswordRules.Canonical(password);
        if (Argon2idHasher.IsHash(hash))
        {
            return !_argon2id.Verify(hash, canonical, out var isOutdated) ? PasswordVerificationResult.Failed
                : isOutdated ? PasswordVerificationResult.SuccessRehashNeeded
                : PasswordVerificationResult.Success;
        }

        // One from before passwords were normalized is of the password as it was typed.
        var result = _pbkdf2.VerifyHashedPassword(this, hash, canonical);
        if (result == PasswordVerificationResult.Failed && canonical != password)
        {
            result = _pbkdf2.VerifyHashedPassword(this, hash, password) == PasswordVerificationResult.Failed
                ? PasswordVerificationResult.Failed
                : PasswordVerificationResult.SuccessRehashNeeded;
        }

        return result == PasswordVerificationResult.Success && _form is PasswordHash.Argon2id ? PasswordVerificationResult.SuccessRehashNeeded : result;
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
    /// <summary>What OWASP's Password Storage Cheat Sheet asks of Argon2id with one lane, in KiB; outside Development nothing less is accepted.</summary>
    public const int MinimumMemorySize = 19_456;

    /// <summary>The same of its passes.</summary>
    public const int MinimumPasses = 2;

    /// <summary>Of version 1.0's hashes: what OWASP asks of PBKDF2 with SHA-512.</summary>
    public const int Iterations = 210_000;

    /// <summary>By what new passwords are hashed.</summary>
    public PasswordHash Hash { get; set; } = PasswordHash.Argon2id;

    /// <summary>KiB that each hash fills while it is made. Another value makes every later login hash its password anew.</summary>
    public int MemorySize { get; set; } = MinimumMemorySize;

    /// <summary>Passes over that memory. Another value makes every later login hash its password anew.</summary>
    public int Passes { get; set; } = MinimumPasses;

    /// <summary>How many passwords may wait to be hashed; by default about two seconds' worth. Whoever comes then is told to come back.</summary>
    public int MaximumWaiting { get; set; } = 80 * Environment.ProcessorCount;
}

/// <summary>Password hash functions.</summary>
internal enum PasswordHash
{
    Argon2id,

    /// <summary>For as long as instances of version 1.0 serve beside, which know no other.</summary>
    Pbkdf2,
}
