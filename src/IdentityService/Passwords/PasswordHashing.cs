using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Explaino.IdentityService.Passwords;

/// <summary>
/// ASP.NET Core Identity's PBKDF2-SHA512, off the request threads and never more at once than there are processors, so that a burst of logins
/// leaves the rest of the service responsive.
/// </summary>
internal sealed class PasswordHashing : IDisposable
{
    private readonly PasswordHasher<PasswordHashing> _hasher;
    private readonly SemaphoreSlim _processors = new(Environment.ProcessorCount);
    private readonly Lazy<string> _nobody;

    public PasswordHashing(IOptions<PasswordOptions> options)
    {
        _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = options.Value.Iterations }));
        _nobody = new(() => _hasher.HashPassword(this, ""));
    }

    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        RunAsync(() => _hasher.HashPassword(this, password), cancellationToken);

    /// <param name="hash">Null where there is no such user, which takes the same time to find wrong.</param>
    public Task<PasswordVerificationResult> VerifyAsync(string? hash, string password, CancellationToken cancellationToken) =>
        RunAsync(
            () => _hasher.VerifyHashedPassword(this, hash ?? _nobody.Value, password) is var result && hash is null
                ? PasswordVerificationResult.Failed
                : result,
            cancellationToken);

    public void Dispose() => _processors.Dispose();

    private async Task<T> RunAsync<T>(Func<T> hash, CancellationToken cancellationToken)
    {
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
}
