-- GET /api/users/me: is the session alive, and the user.
\set user random(100000000001, 100000000064)
SELECT EXISTS (SELECT 1 FROM sessions AS s
    WHERE s.id = ('01900000-0000-7000-8001-' || :user)::uuid AND s.user_id = ('01900000-0000-7000-8000-' || :user)::uuid);
SELECT u.id, u.bio, u.created_at, u.email, u.email_verified, u.first_name, u.is_admin, u.last_name, u.normalized_email, u.normalized_first_name,
    u.normalized_last_name, u.normalized_username, u.password, u.password_stamp, u.phone_number, u.profile_image, u.updated_at, u.username, u.version
FROM users AS u WHERE u.id = ('01900000-0000-7000-8000-' || :user)::uuid LIMIT 2;
