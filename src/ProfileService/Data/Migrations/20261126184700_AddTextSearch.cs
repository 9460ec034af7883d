using Explaino.ServiceData.Search;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Explaino.ProfileService.Data.Migrations;

/// <summary>Text search by the functions that all services share; documents from before get theirs by FillTextSearch.</summary>
[DbContext(typeof(ProfileDbContext))]
[Migration("20261126184700_AddTextSearch")]
internal sealed class AddTextSearch : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTextSearch();
        migrationBuilder.Sql(
            """
            -- What the version before asks with. Until all documents are made anew, each is found by the words that it has.
            CREATE OR REPLACE FUNCTION search_query(words text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            RETURN text_beginnings(words) || coalesce((
                SELECT string_agg(quote_literal(word) || ':*', ' & ')::tsquery FROM unnest(tsvector_to_array(search_words(words))) AS word), '');

            -- Held first, so that what is read of the person is not older than what the last one read who made the document.
            CREATE FUNCTION make_search_document(person uuid) RETURNS void LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM FROM search_documents WHERE user_id = person FOR UPDATE;

                DELETE FROM search_documents USING people
                WHERE search_documents.user_id = person AND people.id = person AND people.deleted_at IS NOT NULL;

                INSERT INTO search_documents (user_id, words, company, location)
                SELECT
                    p.id,
                    setweight(text_vector(concat_ws(' ', p.username, p.first_name, p.last_name), false), 'A')
                    || setweight(text_vector(concat_ws(' ', f.headline, f."current_role", f.current_company, f.location,
                        (SELECT string_agg(i.name, ' ') FROM user_skills i WHERE i.user_id = p.id),
                        (SELECT string_agg(i.name, ' ') FROM user_tech_stack i WHERE i.user_id = p.id),
                        (SELECT string_agg(i.name, ' ') FROM user_frameworks i WHERE i.user_id = p.id),
                        (SELECT string_agg(i.name, ' ') FROM user_languages i WHERE i.user_id = p.id)), false), 'B')
                    || setweight(text_vector(concat_ws(' ', f.about, p.bio,
                        (SELECT string_agg(concat_ws(' ', i.title, i.company), ' ') FROM user_experience i WHERE i.user_id = p.id),
                        (SELECT string_agg(concat_ws(' ', i.title, i.company), ' ') FROM user_internships i WHERE i.user_id = p.id),
                        (SELECT string_agg(i.name, ' ') FROM user_projects i WHERE i.user_id = p.id),
                        (SELECT string_agg(i.name, ' ') FROM user_certifications i WHERE i.user_id = p.id),
                        (SELECT string_agg(concat_ws(' ', i.institution, i.field_of_study), ' ') FROM user_education i WHERE i.user_id = p.id)), false), 'C'),
                    text_vector(f.current_company, false),
                    text_vector(f.location, false)
                FROM people p LEFT JOIN profiles f ON f.user_id = p.id
                WHERE p.id = person AND p.deleted_at IS NULL
                ON CONFLICT (user_id) DO UPDATE SET words = excluded.words, company = excluded.company, location = excluded.location;
            END $$;

            CREATE OR REPLACE FUNCTION refresh_search_document() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM make_search_document((to_jsonb(NEW) ->> TG_ARGV[0])::uuid);
                RETURN NULL;
            END $$;
            """);
    }

    // The version before works on what this leaves (docs/adr/0022), and documents that were made anew are not unmade. By default it would be forgotten only.
    protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("There is no way back from the shared text search.");
}
