using System.Diagnostics;
using System.Security.Cryptography;
using NSec.Cryptography;

namespace Explaino.Bench.Limits;

/// <summary>What the processors allow: the same cryptography in a loop on all of them, and nothing else.</summary>
internal static class Cores
{
    /// <summary>Argon2id as IdentityService asks for it (PasswordOptions.MinimumMemorySize).</summary>
    public static Sample HashPasswords(TimeSpan duration)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var argon2id = PasswordBasedKeyDerivationAlgorithm.Argon2id(new() { DegreeOfParallelism = 1, MemorySize = 19_456, NumberOfPasses = 2 });
        return Run(duration, () => argon2id.DeriveBytes("Admin-Passw0rd!"u8, salt, 32));
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
