using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Explaino.ProfileService.Data.Migrations;

/// <summary>
/// What the model cannot say: the functions and triggers of search, and that the places of a collection's items may collide within a statement.
/// </summary>
[DbContext(typeof(ProfileDbContext))]
[Migration("20261122224400_AddSearch")]
internal sealed class AddSearch : Migration
{
    private static readonly string[] Collections =
    [
        "skills", "education", "tech_stack", "languages", "frameworks", "communication_skills", "certifications", "projects", "soft_skills",
        "hobbies", "experience", "internships",
    ];

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            CREATE FUNCTION name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            RETURN lower(name COLLATE "und-x-icu");

            -- The parser sees plain words only: no host names, paths, tags or signs; and C# and C++ are not C.
            CREATE FUNCTION search_words(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            RETURN to_tsvector('simple'::regconfig, name_key(translate(words, '#+.,-_/\:@<>&', 'ǂǁ           ')));

            CREATE FUNCTION search_query(words text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            RETURN (SELECT string_agg(quote_literal(word) || ':*', ' & ')::tsquery FROM unnest(tsvector_to_array(search_words(words))) AS word);

            -- TG_ARGV[0] names the column that holds the person's id.
            CREATE FUNCTION refresh_search_document() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE
                person uuid := to_jsonb(NEW) ->> TG_ARGV[0];
            BEGIN
                DELETE FROM search_documents USING people
                WHERE search_documents.user_id = person AND people.id = person AND people.deleted_at IS NOT NULL;

                INSERT INTO search_documents (user_id, words, company, location)
                SELECT
                    p.id,
                    setweight(search_words(concat_ws(' ', p.username, p.first_name, p.last_name)), 'A')
                    || setweight(search_words(concat_ws(' ', f.headline, f."current_role", f.current_company, f.location,
                        (SELECT string_agg(i.name, ' ') FROM user_skills i WHERE i.user_id = p.id),
                        (SELECT string_agg(i.name, ' ') FROM user_tech_stack i WHERE i.user_id = p.id),
                        (SELECT string_agg(i.name, ' ') FROM user_frameworks i WHERE i.user_id = p.id),
                        (SELECT string_agg(i.name, ' ') FROM user_languages i WHERE i.user_id = p.id))), 'B')
                    || setweight(search_words(concat_ws(' ', f.about, p.bio,
                        (SELECT string_agg(concat_ws(' ', i.title, i.company), ' ') FROM user_experience i WHERE i.user_id = p.id),
                        (SELECT string_agg(concat_ws(' ', i.title, i.company), ' ') FROM user_internships i WHERE i.user_id = p.id),
                        (SELECT string_agg(i.name, ' ') FROM user_projects i WHERE i.user_id = p.id),
                        (SELECT string_agg(i.name, ' ') FROM user_certifications i WHERE i.user_id = p.id),
                        (SELECT string_agg(concat_ws(' ', i.institution, i.field_of_study), ' ') FROM user_education i WHERE i.user_id = p.id))), 'C'),
                    coalesce(search_words(f.current_company), ''),
                    coalesce(search_words(f.location), '')
                FROM people p LEFT JOIN profiles f ON f.user_id = p.id
                WHERE p.id = person AND p.deleted_at IS NULL
                ON CONFLICT (user_id) DO UPDATE SET words = excluded.words, company = excluded.company, location = excluded.location;
                RETURN NULL;
            END $$;

            -- The filter by skill.
            CREATE INDEX ix_user_skills_name_key ON user_skills (name_key, user_id);

            -- At commit: whatever a transaction changes of a person, the document is made once, and of all of it.
            CREATE CONSTRAINT TRIGGER refresh_search_document AFTER INSERT OR UPDATE ON people
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refresh_search_document('id');
            CREATE CONSTRAINT TRIGGER refresh_search_document AFTER INSERT OR UPDATE ON profiles
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refresh_search_document('user_id');
            """);

        foreach (var collection in Collections)
        {
            // Checked when the statement ends: one that moves the items up lets two share a place for a moment.
            migrationBuilder.Sql(
                $"""
                DROP INDEX ux_user_{collection}_position;
                ALTER TABLE user_{collection} ADD CONSTRAINT ux_user_{collection}_position UNIQUE (user_id, position) DEFERRABLE;
                """);
        }
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var collection in Collections)
        {
            migrationBuilder.Sql(
                $"""
                ALTER TABLE user_{collection} DROP CONSTRAINT ux_user_{collection}_position;
                CREATE UNIQUE INDEX ux_user_{collection}_position ON user_{collection} (user_id, position);
                """);
        }

        migrationBuilder.Sql(
            """
            DROP INDEX ix_user_skills_name_key;
            DROP TRIGGER refresh_search_document ON profiles;
            DROP TRIGGER refresh_search_document ON people;
            DROP FUNCTION refresh_search_document;
            DROP FUNCTION search_query;
            DROP FUNCTION search_words;
            DROP FUNCTION name_key;
            """);
    }
}
