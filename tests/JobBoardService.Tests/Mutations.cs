namespace Explaino.JobBoardService.Tests;

/// <summary>Mutated files: a few bytes are wrong, doubled or missing, and sometimes the end is.</summary>
internal static class Mutations
{
    public static byte[] Of(byte[] file, Random random)
    {
        byte[] mutated = [.. file];
        for (var damage = 0; damage <= random.Next(6); damage++)
        {
            mutated[random.Next(mutated.Length)] = random.Next(4) switch { 0 => 0, 1 => byte.MaxValue, _ => (byte)random.Next(256) };
        }

        var (from, length) = (random.Next(mutated.Length), random.Next(1, 64));
        return random.Next(5) switch
        {
            0 => mutated[..random.Next(12, mutated.Length)],
            1 => [.. mutated[..from], .. mutated[Math.Min(from + length, mutated.Length)..]],
            2 => [.. mutated[..from], .. mutated[from..Math.Min(from + length, mutated.Length)], .. mutated[from..]],
            _ => mutated,
        };
    }
}
