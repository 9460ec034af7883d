-- GET /api/profiles/{user_id}.
\set user random(100000000001, :rows)
SELECT CASE WHEN p.deleted_at IS NULL THEN json_build_object(
    'id', p.id, 'username', p.username, 'first_name', p.first_name, 'last_name', p.last_name,
    'bio', p.bio, 'profile_image', p.profile_image, 'created_at', p.created_at,
    'about', f.about, 'headline', f.headline, 'location', f.location,
    'current_company', f.current_company, 'current_role', f."current_role",
    'linkedin_url', f.linkedin_url, 'github_url', f.github_url, 'portfolio_url', f.portfolio_url,
    'specializations', (
        SELECT coalesce(json_agg(s ORDER BY s.added_at, s.link), '[]')
        FROM (SELECT s.*, u.added_at, u.id AS link FROM user_specializations u JOIN specializations s ON s.id = u.specialization_id WHERE u.user_id = p.id) s),
    'certificates', (
        SELECT coalesce(json_agg(c ORDER BY c.issue_date DESC, c.id DESC), '[]') FROM certificates c WHERE c.user_id = p.id),
    'resume', (SELECT row_to_json(r) FROM resume r WHERE r.user_id = p.id),
    'skills', (SELECT coalesce(json_agg(i ORDER BY i.position), '[]') FROM user_skills i WHERE i.user_id = p.id),
    'education', (SELECT coalesce(json_agg(CASE WHEN i.start_date_said IS NULL AND i.end_date_said IS NULL THEN row_to_json(i) ELSE (to_jsonb(i) || jsonb_build_object('start_date', partial_date(i.start_date, i.start_date_said), 'end_date', partial_date(i.end_date, i.end_date_said)))::json END ORDER BY i.position), '[]') FROM user_education i WHERE i.user_id = p.id),
    'tech_stack', (SELECT coalesce(json_agg(i ORDER BY i.position), '[]') FROM user_tech_stack i WHERE i.user_id = p.id),
    'languages', (SELECT coalesce(json_agg(i ORDER BY i.position), '[]') FROM user_languages i WHERE i.user_id = p.id),
    'frameworks', (SELECT coalesce(json_agg(i ORDER BY i.position), '[]') FROM user_frameworks i WHERE i.user_id = p.id),
    'communication_skills', (SELECT coalesce(json_agg(i ORDER BY i.position), '[]') FROM user_communication_skills i WHERE i.user_id = p.id),
    'certifications', (SELECT coalesce(json_agg(CASE WHEN i.issued_on_said IS NULL AND i.expires_on_said IS NULL THEN row_to_json(i) ELSE (to_jsonb(i) || jsonb_build_object('issued_on', partial_date(i.issued_on, i.issued_on_said), 'expires_on', partial_date(i.expires_on, i.expires_on_said)))::json END ORDER BY i.position), '[]') FROM user_certifications i WHERE i.user_id = p.id),
    'projects', (SELECT coalesce(json_agg(CASE WHEN i.start_date_said IS NULL AND i.end_date_said IS NULL THEN row_to_json(i) ELSE (to_jsonb(i) || jsonb_build_object('start_date', partial_date(i.start_date, i.start_date_said), 'end_date', partial_date(i.end_date, i.end_date_said)))::json END ORDER BY i.position), '[]') FROM user_projects i WHERE i.user_id = p.id),
    'soft_skills', (SELECT coalesce(json_agg(i ORDER BY i.position), '[]') FROM user_soft_skills i WHERE i.user_id = p.id),
    'hobbies', (SELECT coalesce(json_agg(i ORDER BY i.position), '[]') FROM user_hobbies i WHERE i.user_id = p.id),
    'experience', (SELECT coalesce(json_agg(CASE WHEN i.start_date_said IS NULL AND i.end_date_said IS NULL THEN row_to_json(i) ELSE (to_jsonb(i) || jsonb_build_object('start_date', partial_date(i.start_date, i.start_date_said), 'end_date', partial_date(i.end_date, i.end_date_said)))::json END ORDER BY i.position), '[]') FROM user_experience i WHERE i.user_id = p.id),
    'internships', (SELECT coalesce(json_agg(CASE WHEN i.start_date_said IS NULL AND i.end_date_said IS NULL THEN row_to_json(i) ELSE (to_jsonb(i) || jsonb_build_object('start_date', partial_date(i.start_date, i.start_date_said), 'end_date', partial_date(i.end_date, i.end_date_said)))::json END ORDER BY i.position), '[]') FROM user_internships i WHERE i.user_id = p.id)
)::text ELSE '' END AS "Value"
FROM people p LEFT JOIN profiles f ON f.user_id = p.id
WHERE p.id = ('01900000-0000-7000-8000-' || :user)::uuid;
