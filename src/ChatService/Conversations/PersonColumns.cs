using Explaino.ServiceData.People;
using Npgsql;

namespace Explaino.ChatService.Conversations;

/// <summary>How a person stands in a row of any statement here.</summary>
internal static class PersonColumns
{
    public const string All = "person.id, person.username, person.first_name, person.last_name, person.profile_image, person.deleted_at IS NOT NULL";

    /// <summary>How many columns <see cref="All"/> are.</summary>
    public const int Width = 6;

    public static PersonResponse ReadPerson(this NpgsqlDataReader row, int first) => new(
        row.GetGuid(first), Text(row, first + 1), Text(row, first + 2), Text(row, first + 3), Text(row, first + 4), row.GetBoolean(first + 5));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
