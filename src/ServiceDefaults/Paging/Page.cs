using System.Buffers.Text;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.ServiceDefaults.Paging;

/// <summary>A list on the wire (docs/contract.md#1-conventions).</summary>
/// <param name="Items">At most <c>limit</c> of them.</param>
/// <param name="NextCursor">What to send as <c>cursor</c> for the next page; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor = null);

/// <summary>The query of every list; a handler takes it as <c>[AsParameters]</c>.</summary>
public sealed record PageRequest(
    [property: NumberRange(1, PageRequest.MaximumLimit, ErrorMessage = "Must be 1 to 100."), Description("How many items, 1 to 100; 20 if absent.")] int? Limit,
    [property: TextLength(1000), Description("The next_cursor of the page before.")] string? Cursor)
{
    public const int MaximumLimit = 100;
    public const int DefaultLimit = 20;

    /// <summary>How many rows to read: one more than the page holds tells whether another page follows.</summary>
    public int Rows => Size + 1;

    public int Size => Limit ?? DefaultLimit;
}

/// <summary>
/// Keyset cursors: the sort key of the last item, with a checksum over it and the list it belongs to, so that an invented one, or one of another list,
/// sort or filter, is refused. It protects against mistakes; what a caller may see is decided by the query, never by the cursor.
/// </summary>
public static class Cursor
{
    private const int ChecksumLength = 8;
    private static readonly JsonSerializerOptions Keys = new() { Converters = { new Rfc3339Converter() } };

    /// <summary>Cuts the extra row off and names the last key. Read <see cref="PageRequest.Rows"/> for it.</summary>
    /// <param name="list">What this list is: its name and everything that filters or sorts it.</param>
    public static Page<T> ToPage<T, TKey>(this List<T> rows, PageRequest request, string list, Func<T, TKey> key)
    {
        if (rows.Count <= request.Size)
        {
            return new(rows);
        }

        rows.RemoveRange(request.Size, rows.Count - request.Size);
        return new(rows, Write(list, key(rows[^1])));
    }

    /// <summary>The key to go on after: null without a cursor, a 400 problem if the cursor is not one of this list.</summary>
    public static bool TryRead<TKey>(this PageRequest request, string list, out TKey? key, [NotNullWhen(false)] out ProblemHttpResult? refusal) where TKey : class
    {
        key = null;
        refusal = null;
        if (request.Cursor is null)
        {
            return true;
        }

        if (TryRead(list, request.Cursor, out key))
        {
            return true;
        }

        refusal = Problems.Invalid("cursor", new Violation("wrong_form", "Is not a cursor of this list."));
        return false;
    }

    public static string Write<TKey>(string list, TKey key)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(key, Keys);
        return Base64Url.EncodeToString([.. Checksum(list, payload), .. payload]);
    }

    private static bool TryRead<TKey>(string list, string text, [NotNullWhen(true)] out TKey? key) where TKey : class
    {
        key = null;
        if (!Base64Url.IsValid(text) || Base64Url.DecodeFromChars(text) is not { Length: > ChecksumLength } bytes
            || !bytes.AsSpan(0, ChecksumLength).SequenceEqual(Checksum(list, bytes.AsSpan(ChecksumLength))))
        {
            return false;
        }

        var payload = bytes.AsSpan(ChecksumLength);
        try
        {
            // Anybody can calculate the checksum; what no database can hold must not get there.
            key = payload.IndexOf("\\u0000"u8) < 0 ? JsonSerializer.Deserialize<TKey>(payload, Keys) : null;
        }
        catch (JsonException)
        {
            return false;
        }

        return key is not null;
    }

    private static ReadOnlySpan<byte> Checksum(string list, ReadOnlySpan<byte> payload) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes(list), 0, .. payload]).AsSpan(0, ChecksumLength);
}
