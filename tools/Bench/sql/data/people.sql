-- The copies of the users :first to :last that a service shows.
SET session_replication_role = replica;
INSERT INTO people (id, username, first_name, last_name, bio, created_at, version)
SELECT ('01900000-0000-7000-8000-' || 100000000000 + n)::uuid, 'bench' || 1000000 + n, 'First' || n, 'Last' || n,
    'Explains things, number ' || n || ' of many.', now() - n * interval '1 second', 1
FROM generate_series(:first, :last) AS n;
ANALYZE people;
