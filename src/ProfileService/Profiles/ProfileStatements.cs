using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Serialization;
using Explaino.ProfileService.Collections;
using Explaino.ProfileService.Data;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ProfileService.Profiles;

/// <summary>
/// Reads a whole profile in one statement, whatever it holds: the database puts it together as JSON, whose members are the columns' names and therefore
/// those of the response. As <c>json</c>: nobody looks into it in the database, for which <c>jsonb</c> would sort and pack its members.
/// </summary>
internal static class ProfileStatements
{
    private static readonly JsonSerializerOptions ColumnNames = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new PostgresDateConverter(), new PostgresPartialDateConverter() },
    };

    private static readonly string Statement =
        $$"""
        SELECT CASE WHEN p.deleted_at IS NULL THEN json_build_object(
            'id', p.id, 'username', p.username, 'first_name', p.first_name, 'last_name', p.last_name,
            'bio', p.bio, 'profile_image', p.profile_image, 'created_at', p.created_at,
            'about', f.about, 'headline', f.headline, 'location', f.location,
            'current_company', f.current_company, 'current_role', f."current_role",
            'linkedin_url', f.linkedin_url, 'github_url', f.github_url, 'portfolio_url', f.portfolio_url,
            'specializations', (
                SELECT coalesce(json_agg(s ORDER BY s.added_at, s.link), '[]')
                FROM (SELECT s.*, u.added_at, u.id AS link FROM user_specializations u JOIN specializations s ON s.id = u.specialization_id WHERE u.user_id = p.id) s),
            'certificates', (
                SELECT coalesce(json_agg(c ORDER BY c.issue_date DESC, c.id DESC), '[]') FROM certificates c WHERE c.user_id = p.id),
            'resume', (SELECT row_to_json(r) FROM resume r WHERE r.user_id = p.id),
            {{string.Join(",\n    ", CollectionList.All.Select(collection =>
                $"'{collection.Member}', (SELECT coalesce(json_agg({Item(collection)} ORDER BY i.position), '[]') FROM {collection.Table} i WHERE i.user_id = p.id)"))}}
        )::text ELSE '' END AS "Value"
        FROM people p LEFT JOIN profiles f ON f.user_id = p.id
        WHERE p.id = {0}
        """;

    // A row is given as it is unless one of its dates was said as a month or a year, which few are: putting two objects together costs as much as making one.
    private static string Item(Collection collection)
    {
        var dates = collection.Dates.ToList();
        return dates.Count == 0
            ? "i"
            : $"CASE WHEN {string.Join(" AND ", dates.Select(date => $"i.{date}_said IS NULL"))} THEN row_to_json(i) ELSE (to_jsonb(i) || "
                + $"jsonb_build_object({string.Join(", ", dates.Select(date => $"'{date}', partial_date(i.{date}, i.{date}_said)"))}))::json END";
    }

    /// <summary>The profile, or the 404. A user whose event has not come yet has an empty one.</summary>
    public static async Task<ProblemOr<ProfileResponse>> ReadProfileAsync(
        this ProfileDbContext db, Guid userId, ClaimsPrincipal caller, CancellationToken cancellationToken) =>
        await db.Database.SqlQueryRaw<string>(Statement, userId).ToListAsync(cancellationToken) switch
        {
            [""] => ProfileAccess.NotFound(mayCome: false),
            [var json] => JsonSerializer.Deserialize<ProfileResponse>(json, ColumnNames)!,
            _ when caller.Id() == userId => new ProfileResponse { Id = userId, Username = caller.Identity!.Name },
            _ => ProfileAccess.NotFound(mayCome: true),
        };

    private static DateOnly Day(string text) => text switch
    {
        // The first and the last date that there is are written as infinities by Npgsql.
        "infinity" => DateOnly.MaxValue,
        "-infinity" => DateOnly.MinValue,
        _ => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture),
    };

    private sealed class PostgresDateConverter : JsonConverter<DateOnly>
    {
        public override DateOnly Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Day(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, DateOnly value, JsonSerializerOptions options) => throw new NotSupportedException();
    }

    private sealed class PostgresPartialDateConverter : JsonConverter<PartialDate>
    {
        public override PartialDate Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            PartialDate.TryParse(reader.GetString(), out var date) ? date : PartialDate.Of(Day(reader.GetString()!), said: null)!.Value;

        public override void Write(Utf8JsonWriter writer, PartialDate value, JsonSerializerOptions options) => throw new NotSupportedException();
    }
}
