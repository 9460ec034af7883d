-- POST /api/jobs: the rows of a post in one statement.
\set user random(100000000001, 100000000064)
WITH post AS (
    INSERT INTO job_posts (post_id, author, title, description, company, location, employment_type, workplace, tags, created_at, updated_at)
    VALUES (gen_random_uuid(), ('01900000-0000-7000-8000-' || :user)::uuid, 'Engineer wanted',
        'We explain what we build, and build what we can explain. Come and explain it with us.', 'Explaino', 'Here', 'FullTime', 'Remote',
        ARRAY['dotnet', 'postgres'], now(), now())
    RETURNING post_id
)
INSERT INTO job_post_counts (post_id, comment_count, like_count, like_version) SELECT post_id, 0, 0, 0 FROM post;
