using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace Explaino.IdentityService.Passwords;

/// <summary>Argon2id (RFC 9106) by libsodium; hashes are kept in its reference implementation's form, <c>$argon2id$v=19$m=19456,t=2,p=1$salt$hash</c>.</summary>
internal sealed class Argon2idHasher
{
    private const string Prefix = "$argon2id$v=19$";
    private const int SaltSize = 16;
    private const int HashSize = 32;

    private readonly string _cost;
    private readonly Argon2id _algorithm;

    /// <param name="memorySize">KiB that each hash fills.</param>
    /// <param name="passes">How often it goes over them.</param>
    public Argon2idHasher(int memorySize, int passes)
    {
        _cost = string.Create(CultureInfo.InvariantCulture, $"m={memorySize},t={passes},p=1");
        _algorithm = Algorithm(memorySize, passes);
    }

    public static bool IsHash(string hash) => hash.StartsWith(Prefix, StringComparison.Ordinal);

    public string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        return $"{Prefix}{_cost}${Encode(salt)}${Encode(Derive(_algorithm, password, salt))}";
    }

    /// <summary>Whether it is the password's; whatever its cost was when it was made.</summary>
    /// <param name="hash">One that <see cref="Hash"/> made.</param>
    /// <param name="password">What was given.</param>
    /// <param name="isOutdated">Whether it cost something else than a new one.</param>
    public bool Verify(string hash, string password, out bool isOutdated)
    {
        if (hash[Prefix.Length..].Split('$') is not [var cost, var salt, var expected])
        {
            throw new FormatException("It is no hash of Argon2id.");
        }

        isOutdated = cost != _cost;
        return CryptographicOperations.FixedTimeEquals(Derive(isOutdated ? Parse(cost) : _algorithm, password, Decode(salt)), Decode(expected));
    }

    private static byte[] Derive(Argon2id algorithm, string password, byte[] salt) =>
        algorithm.DeriveBytes(Encoding.UTF8.GetBytes(password), salt, HashSize);

    private static Argon2id Parse(string cost)
    {
        var numbers = cost.Split(',').Select(part => int.Parse(part.AsSpan(2), CultureInfo.InvariantCulture)).ToList();
        return Algorithm(memorySize: numbers[0], passes: numbers[1]);
    }

    private static Argon2id Algorithm(int memorySize, int passes) =>
        PasswordBasedKeyDerivationAlgorithm.Argon2id(new() { DegreeOfParallelism = 1, MemorySize = memorySize, NumberOfPasses = passes });

    // Base64 without padding, as the form has it.
    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[] Decode(string text) => Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
}
