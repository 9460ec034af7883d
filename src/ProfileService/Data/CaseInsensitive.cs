using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ProfileService.Data;

/// <summary>Names that are the same in upper and lower case: a generated column holds what is compared.</summary>
internal static class CaseInsensitive
{
    public const string NameKey = "NameKey";

    // ICU, because the database's own locale may know ASCII letters only.
    public static PropertyBuilder<string> HasNameKey<T>(this EntityTypeBuilder<T> entity) where T : class =>
        entity.Property<string>(NameKey).HasComputedColumnSql("""lower(name COLLATE "und-x-icu")""", stored: true);
}
