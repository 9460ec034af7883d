using System.Text.Json;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ServiceData.Postgres;

/// <summary>Enumerations are stored as they stand on the wire: words in snake_case, which a statement, a constraint and an operator can read.</summary>
public static class WordConversion
{
    public static PropertyBuilder<TEnum> StoredAsWord<TEnum>(this PropertyBuilder<TEnum> property) where TEnum : struct, Enum =>
        property.HasConversion(value => WordOf(value), word => Enum.Parse<TEnum>(word.Replace("_", "", StringComparison.Ordinal), true));

    /// <summary>The word for statements that Entity Framework does not write.</summary>
    public static string WordOf<TEnum>(TEnum value) where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
