using System.Diagnostics;
using System.Security.Cryptography;

namespace Explaino.Bench.Limits;

/// <summary>What the processors allow: the same cryptography in a loop on all of them, and nothing else.</summary>
internal static class Cores
{
    /// <summary>PBKDF2 with SHA-512 as IdentityService asks for it (PasswordOptions.MinimumIterations).</summary>
    public static Sample HashPasswords(TimeSpan duration)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return Run(duration, () => Rfc2898DeriveBytes.Pbkdf2("Admin-Passw0rd!", salt, 210_000, HashAlgorithmName.SHA512, 32));
    }

    public static Sample Sign(TimeSpan duration)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var token = RandomNumberGenerator.GetBytes(400);
        return Run(duration, () => key.SignData(token, HashAlgorithmName.SHA256));
    }

    private static Sample Run(TimeSpan duration, Func<byte[]> work)
    {
        long count = 0;
        var clock = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            while (clock.Elapsed < duration)
            {
                work();
                Interlocked.Increment(ref count);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return new(count / clock.Elapsed.TotalSeconds);
    }
}
