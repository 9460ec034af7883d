namespace Explaino.ServiceFiles.Storage;

/// <summary>Names of stored files: the key, and a variant's after it, so that a listing by the key's prefix finds what is to be deleted with it.</summary>
internal static class StoredName
{
    private const int KeyLength = 32;

    public static string Of(Guid key, string? variant) => variant is null ? $"{key:n}" : $"{key:n}-{variant}";

    public static bool TryParse(ReadOnlySpan<char> name, out Guid key)
    {
        key = default;
        return name.Length >= KeyLength && (name.Length == KeyLength || name[KeyLength] == '-') && Guid.TryParseExact(name[..KeyLength], "n", out key);
    }
}
