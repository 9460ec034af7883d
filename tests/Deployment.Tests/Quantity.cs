using System.Globalization;
using Explaino.ServiceFiles.Storage;

namespace Explaino.Deployment.Tests;

/// <summary>Amounts of memory and disk, as Kubernetes (<c>64Mi</c>) and Compose (<c>64m</c>) write them.</summary>
internal static class Quantity
{
    private const long Mebibyte = 1024 * 1024;

    /// <summary>What <c>/tmp</c> must hold: all uploads under way, and what the runtime keeps there.</summary>
    public const long Temporary = Upload.Room + (16 * Mebibyte);

    /// <summary>What a process needs beside <c>/tmp</c>, where that is memory.</summary>
    public const long Memory = 512 * Mebibyte;

    /// <returns>Zero for what is no quantity in mebibytes, or missing.</returns>
    public static long Bytes(string? quantity) =>
        quantity?.TrimEnd('i') is [.. var number, 'm' or 'M'] && long.TryParse(number, CultureInfo.InvariantCulture, out var mebibytes) ? mebibytes * Mebibyte : 0;
}
