-- A post by each of the users :first to :last, liked by two others and commented by one.
SET session_replication_role = replica;
INSERT INTO job_posts (post_id, author, title, description, company, location, employment_type, workplace, tags, created_at, updated_at)
SELECT ('01900000-0000-7000-8004-' || 100000000000 + n)::uuid, ('01900000-0000-7000-8000-' || 100000000000 + n)::uuid,
    'Engineer number ' || n || ' wanted', repeat('We explain what we build, and build what we can explain. ', 5) || 'Offer ' || n || '.',
    'Company ' || n % 1000, 'City ' || n % 200, (ARRAY['FullTime', 'PartTime', 'Contract', 'Internship'])[1 + n % 4],
    (ARRAY['OnSite', 'Remote', 'Hybrid'])[1 + n % 3], ARRAY['tag' || n % 50, 'dotnet'], now() - n * interval '1 second', now() - n * interval '1 second'
FROM generate_series(:first, :last) AS n;

INSERT INTO job_post_counts (post_id, like_count, comment_count, like_version)
SELECT ('01900000-0000-7000-8004-' || 100000000000 + n)::uuid, 2, 1, 2 FROM generate_series(:first, :last) AS n;

INSERT INTO job_post_likes (id, post_id, user_id, created_at)
SELECT gen_random_uuid(), ('01900000-0000-7000-8004-' || 100000000000 + n)::uuid,
    ('01900000-0000-7000-8000-' || 100000000001 + (n + step) % :last)::uuid, now()
FROM generate_series(:first, :last) AS n, generate_series(1, 2) AS step;

INSERT INTO job_post_comments (id, post_id, user_id, content, created_at, updated_at)
SELECT gen_random_uuid(), ('01900000-0000-7000-8004-' || 100000000000 + n)::uuid,
    ('01900000-0000-7000-8000-' || 100000000001 + (n + 3) % :last)::uuid, 'Is this still open?', now(), now()
FROM generate_series(:first, :last) AS n;
ANALYZE;
