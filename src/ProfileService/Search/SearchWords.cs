using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;

namespace Explaino.ProfileService.Search;

/// <summary>The database's functions for search (see the migration AddSearch), as queries name them.</summary>
internal static class SearchWords
{
    /// <summary>Asks for every word of the text, as the beginning of a word; null if it holds none.</summary>
    public static NpgsqlTsQuery Query(string text) => throw new NotSupportedException("For queries only.");

    /// <summary>The text as names are compared: see <see cref="Data.CaseInsensitive"/>.</summary>
    public static string NameKey(string text) => throw new NotSupportedException("For queries only.");

    public static void Declare(ModelBuilder model)
    {
        model.HasDbFunction(() => Query("")).HasName("search_query");
        model.HasDbFunction(() => NameKey("")).HasName("fold_name");
    }
}
