-- POST /api/auth/token/refresh: the rotation, of whichever token of the session is unspent, and the user.
\set user random(100000001001, 100000005000)
WITH session AS (
    SELECT id FROM sessions WHERE id = ('01900000-0000-7000-8001-' || :user)::uuid FOR UPDATE
), spent AS (
    UPDATE refresh_tokens SET spent_at = now(), child_salt = sha256('salt') FROM session
    WHERE session_id = session.id AND spent_at IS NULL AND expires_at > now() RETURNING hash, session_id, parent_hash
), erased AS (
    UPDATE refresh_tokens SET child_salt = NULL FROM spent WHERE refresh_tokens.hash = spent.parent_hash
), child AS (
    INSERT INTO refresh_tokens (hash, session_id, parent_hash, expires_at)
    SELECT sha256(uuid_send(gen_random_uuid())), session_id, hash, now() + interval '30 days' FROM spent
)
UPDATE sessions SET last_used_at = now() FROM spent WHERE sessions.id = spent.session_id RETURNING sessions.id, sessions.user_id;
SELECT u.id, u.bio, u.created_at, u.email, u.email_verified, u.first_name, u.is_admin, u.last_name, u.normalized_email, u.normalized_first_name,
    u.normalized_last_name, u.normalized_username, u.password, u.password_stamp, u.phone_number, u.profile_image, u.updated_at, u.username, u.version
FROM users AS u WHERE u.id = ('01900000-0000-7000-8000-' || :user)::uuid LIMIT 2;
