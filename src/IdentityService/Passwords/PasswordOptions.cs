namespace Explaino.IdentityService.Passwords;

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
