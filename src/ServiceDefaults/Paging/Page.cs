using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Explaino.ServiceDefaults.Paging;

/// <summary>A list on the wire (docs/contract.md#1-conventions).</summary>
/// <param name="Items">At most <c>limit</c> of them.</param>
/// <param name="NextCursor">What to send as <c>cursor</c> for the next page; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor = null);

/// <summary>The query of every list; a handler takes it as <c>[AsParameters]</c>.</summary>
public sealed record PageRequest(
    [property: Range(1, PageRequest.MaximumLimit, ErrorMessage = "Must be 1 to 100."), Description("How many items, 1 to 100; 20 if absent.")] int? Limit,
    [property: StringLength(1000), Description("The next_cursor of the page before.")] string? Cursor)
{
    public const int MaximumLimit = 100;
    public const int DefaultLimit = 20;

    /// <summary>How many rows to read: one more than the page holds tells whether another page follows.</summary>
    internal int Rows => Size + 1;

    public int Size => Limit ?? DefaultLimit;
}
