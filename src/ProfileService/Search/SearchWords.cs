using Microsoft.EntityFrameworkCore;

namespace Explaino.ProfileService.Search;

/// <summary>The database's function for names (see the migration FoldNames), as queries name it.</summary>
internal static class SearchWords
{
    /// <summary>The text as names are compared: see <see cref="Data.CaseInsensitive"/>.</summary>
    public static string NameKey(string text) => throw new NotSupportedException("For queries only.");

    public static void Declare(ModelBuilder model) => model.HasDbFunction(() => NameKey("")).HasName("fold_name");
}
