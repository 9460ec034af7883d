using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ProfileService.Data;

/// <summary>Case folding: names that are the same whatever their case, composition, width and blanks. A generated column holds what is compared.</summary>
internal static class CaseInsensitive
{
    public const string NameKey = "NameKey";

    // By a function of the database (see the migration FoldNames), so that the unique index decides, whichever version writes.
    public static PropertyBuilder<string> HasNameKey<T>(this EntityTypeBuilder<T> entity) where T : class =>
        entity.Property<string>(NameKey).HasComputedColumnSql("fold_name(name)", stored: true);

    /// <summary>The same function, as queries name it.</summary>
    public static string FoldName(string name) => throw new NotSupportedException("For queries only.");

    public static void Declare(ModelBuilder model) => model.HasDbFunction(() => FoldName("")).HasName("fold_name");
}
