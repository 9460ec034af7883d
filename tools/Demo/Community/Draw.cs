using System.Security.Cryptography;
using System.Text;

namespace Explaino.Demo.Community;

/// <summary>Chance that is the same in every run: what is drawn depends on its name alone, and on nothing that was drawn before.</summary>
internal sealed class Draw(string name)
{
    private readonly Random _random = new(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(name))));

    /// <summary>A UUID that the same name always gives: keys by which the API recognizes a repetition.</summary>
    public static Guid Id(string name)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16);
        bytes[6] = (byte)(0x80 | (bytes[6] & 0x0F)); // version 8: made by a rule of one's own
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true);
    }

    public bool Chance(double probability) => _random.NextDouble() < probability;

    public int Between(int least, int most) => _random.Next(least, most + 1);

    public T One<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];

    /// <summary>So many different ones, fewer where there are not so many, in the order drawn.</summary>
    public IReadOnlyList<T> Some<T>(int count, IReadOnlyList<T> of)
    {
        var all = of.ToArray();
        _random.Shuffle(all);
        return all[..Math.Min(count, all.Length)];
    }
}
