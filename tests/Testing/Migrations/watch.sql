-- Watches migrations: which tables that hold rows they rewrite, or lock against others, for how long, and whether they read them meanwhile. Every table that a
-- migration makes is filled when it is done, for those that follow.
CREATE SCHEMA watch;
CREATE TABLE watch.filled (relation oid PRIMARY KEY);
CREATE TABLE watch.starts (transaction xid8, at timestamptz, statement text);
CREATE TABLE watch.read_before (transaction xid8, relation oid, rows bigint, PRIMARY KEY (transaction, relation));
CREATE TABLE watch.locks (transaction xid8, at timestamptz, statement text, relation oid, mode text, rows_read bigint, UNIQUE (transaction, relation, mode, statement));
CREATE TABLE watch.rewrites (at timestamptz, relation oid, statement text);
CREATE TABLE watch.migrations (at timestamptz, name text);
CREATE TABLE watch.rows (count integer);
CREATE TABLE watch.samples (table_name text, column_name text, sample text);

-- Not by its transaction: a migration may have several.
CREATE FUNCTION watch.migration(during timestamptz) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce((SELECT name FROM watch.migrations WHERE at >= during ORDER BY at LIMIT 1), '?')
$$;

CREATE FUNCTION watch.start() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    -- What is done CONCURRENTLY locks nobody out, and wants to be the first in its transaction to write.
    IF current_query() ILIKE '%CONCURRENTLY%' THEN
        RETURN;
    END IF;
    INSERT INTO watch.starts VALUES (pg_current_xact_id(), clock_timestamp(), current_query());
    INSERT INTO watch.read_before
    SELECT pg_current_xact_id(), relation, coalesce(seq_tup_read, 0) FROM watch.filled LEFT JOIN pg_stat_xact_user_tables ON relid = relation
    ON CONFLICT DO NOTHING;
END $$;

CREATE FUNCTION watch.look(statement text) RETURNS void LANGUAGE sql SECURITY DEFINER AS $$
    INSERT INTO watch.locks
    SELECT pg_current_xact_id(), clock_timestamp(), statement, l.relation, l.mode, coalesce(s.seq_tup_read, 0) - b.rows
    FROM pg_locks AS l JOIN watch.read_before AS b ON (b.transaction, b.relation) = (pg_current_xact_id(), l.relation)
    LEFT JOIN pg_stat_xact_user_tables AS s ON s.relid = l.relation
    WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.granted
        AND l.mode IN ('AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock')
    ON CONFLICT (transaction, relation, mode, statement) DO UPDATE SET at = excluded.at, rows_read = excluded.rows_read;
$$;

CREATE FUNCTION watch.finish() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF current_query() NOT ILIKE '%CONCURRENTLY%' THEN
        PERFORM watch.look(current_query());
    END IF;
END $$;

CREATE FUNCTION watch.rewrite() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO watch.rewrites SELECT clock_timestamp(), relation, current_query() FROM watch.filled WHERE relation = pg_event_trigger_table_rewrite_oid();
END $$;

-- A value of its own for each row and column; in the order of a table's columns.
CREATE FUNCTION watch.sample(kind text, length integer, number integer) RETURNS text LANGUAGE sql AS $$
    SELECT CASE
        WHEN kind = 'uuid' THEN format('(lpad(to_hex(%s), 16, ''0'') || lpad(to_hex(i), 16, ''0''))::uuid', number)
        WHEN kind IN ('smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision') THEN '1'
        WHEN kind = 'boolean' THEN 'false'
        WHEN kind = 'timestamp with time zone' THEN 'now()'
        WHEN kind = 'date' THEN 'current_date'
        WHEN kind IN ('json', 'jsonb') THEN '''{}'''
        WHEN kind = 'bytea' THEN 'int4send(i)'
        WHEN kind IN ('ARRAY', 'tsvector') THEN '''{}'''
        WHEN kind = 'xid8' THEN 'pg_current_xact_id()'
        WHEN kind = 'inet' THEN '''127.0.0.1'''
        ELSE '''x'' || i'
    END
$$;

-- Without what refers to others, and without what triggers do.
CREATE FUNCTION watch.fill(filled oid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET session_replication_role = replica AS $$
DECLARE
    columns text;
    samples text;
BEGIN
    SELECT string_agg(quote_ident(c.column_name), ', '), string_agg(coalesce(s.sample, watch.sample(c.data_type, c.character_maximum_length, c.ordinal_position)), ', ')
    INTO columns, samples
    FROM information_schema.columns AS c LEFT JOIN watch.samples AS s USING (table_name, column_name)
    WHERE format('%I.%I', c.table_schema, c.table_name)::regclass = filled AND c.is_generated = 'NEVER' AND c.is_identity = 'NO'
        AND (s.sample IS NOT NULL OR (c.is_nullable = 'NO' AND c.column_default IS NULL));
    EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM generate_series(1, (SELECT count FROM watch.rows)) AS i', filled::regclass, columns, samples);
    INSERT INTO watch.filled VALUES (filled);
END $$;

CREATE FUNCTION watch.done() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    made oid;
BEGIN
    PERFORM watch.look('(the end of the migration)');
    INSERT INTO watch.migrations VALUES (clock_timestamp(), NEW."MigrationId");
    FOR made IN
        SELECT oid FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> '__EFMigrationsHistory' AND oid NOT IN (SELECT relation FROM watch.filled)
    LOOP
        PERFORM watch.fill(made);
    END LOOP;
    RETURN NULL;
END $$;

CREATE TABLE "__EFMigrationsHistory" ("MigrationId" varchar(150) PRIMARY KEY, "ProductVersion" varchar(32) NOT NULL);
CREATE TRIGGER done AFTER INSERT ON "__EFMigrationsHistory" FOR EACH ROW EXECUTE FUNCTION watch.done();
CREATE EVENT TRIGGER watch_start ON ddl_command_start EXECUTE FUNCTION watch.start();
CREATE EVENT TRIGGER watch_finish ON ddl_command_end EXECUTE FUNCTION watch.finish();
CREATE EVENT TRIGGER watch_rewrite ON table_rewrite EXECUTE FUNCTION watch.rewrite();
