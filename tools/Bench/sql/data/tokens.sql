-- For each session of the users 1 to :last a refresh token that everybody can work out, in place of those that were spent.
DELETE FROM refresh_tokens;
INSERT INTO refresh_tokens (hash, session_id, expires_at)
SELECT sha256(sha256(convert_to('refresh ' || n, 'UTF8'))), ('01900000-0000-7000-8001-' || 100000000000 + n)::uuid, now() + interval '30 days'
FROM generate_series(1, :last) AS n;
ANALYZE refresh_tokens;
