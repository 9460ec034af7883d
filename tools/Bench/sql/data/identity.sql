-- Users :first to :last, all with the first admin's password, each with a session.
SET session_replication_role = replica;
INSERT INTO users (id, email, normalized_email, username, normalized_username, password, password_stamp, first_name, normalized_first_name,
    last_name, normalized_last_name, bio, email_verified, is_admin, version, created_at, updated_at)
SELECT ('01900000-0000-7000-8000-' || 100000000000 + n)::uuid, 'bench' || n || '@explaino.test', 'bench' || n || '@explaino.test',
    'bench' || 1000000 + n, 'bench' || 1000000 + n, (SELECT password FROM users WHERE is_admin LIMIT 1), gen_random_uuid(),
    'First' || n, 'first' || n, 'Last' || n, 'last' || n, 'Explains things, number ' || n || ' of many.', true, false, 1,
    now() - n * interval '1 second', now() - n * interval '1 second'
FROM generate_series(:first, :last) AS n;

INSERT INTO sessions (id, user_id, created_at, last_used_at, user_agent, ip)
SELECT ('01900000-0000-7000-8001-' || 100000000000 + n)::uuid, ('01900000-0000-7000-8000-' || 100000000000 + n)::uuid, now(), now(), 'bench', '127.0.0.1'
FROM generate_series(:first, :last) AS n;

ANALYZE;
