-- GET /api/jobs: the first page of the newest.
\set user random(100000000001, 100000000064)
SELECT j0.post_id, p.id, p.username, p.first_name, p.last_name, p.profile_image, p.deleted_at IS NOT NULL, j0.title, j0.description, j0.company,
    j0.location, j0.employment_type, j0.workplace, j0.apply_url, j0.tags, j1.post_id, j2.id, j2.url, j2.post_id, j1.like_count, j1.comment_count,
    EXISTS (SELECT 1 FROM job_post_likes AS j3 WHERE j0.post_id = j3.post_id AND j3.user_id = ('01900000-0000-7000-8000-' || :user)::uuid),
    j0.created_at, j0.updated_at, j0.closes_at
FROM (
    SELECT j.post_id, j.apply_url, j.author, j.closes_at, j.company, j.created_at, j.description, j.employment_type, j.location, j.tags,
        j.title, j.updated_at, j.workplace
    FROM job_posts AS j ORDER BY j.created_at DESC, j.post_id DESC LIMIT 21
) AS j0
INNER JOIN people AS p ON j0.author = p.id
LEFT JOIN job_post_counts AS j1 ON j0.post_id = j1.post_id
LEFT JOIN job_post_images AS j2 ON j0.post_id = j2.post_id
ORDER BY j0.created_at DESC, j0.post_id DESC, p.id, j1.post_id, j2.position;
