using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ServiceData.Postgres;

/// <summary>Columns that a trigger or an expression of the database fills, whichever version of a service writes the row.</summary>
public static class DatabaseWrittenColumns
{
    /// <summary>Queries can use it; no insertion or update sends it, or asks for it back.</summary>
    public static PropertyBuilder<T> IsWrittenByTheDatabase<T>(this PropertyBuilder<T> property)
    {
        property.ValueGeneratedNever();
        property.Metadata.SetBeforeSaveBehavior(PropertySaveBehavior.Ignore);
        property.Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        return property;
    }
}
