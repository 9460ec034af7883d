-- A profile of eleven items for each of the users :first to :last.
SET session_replication_role = replica;
INSERT INTO profiles (user_id, about, headline, location, current_company, "current_role", linkedin_url, github_url, updated_at)
SELECT ('01900000-0000-7000-8000-' || 100000000000 + n)::uuid, repeat('Explains patiently. ', 10), 'Explainer number ' || n, 'City ' || n % 200,
    'Company ' || n % 1000, 'Engineer', 'https://linkedin.test/' || n, 'https://github.test/' || n, now()
FROM generate_series(:first, :last) AS n;

INSERT INTO user_skills (id, user_id, position, name)
SELECT gen_random_uuid(), ('01900000-0000-7000-8000-' || 100000000000 + n)::uuid, place, 'Skill ' || n % 100 + place
FROM generate_series(:first, :last) AS n, generate_series(0, 3) AS place;

INSERT INTO user_languages (id, user_id, position, name)
SELECT gen_random_uuid(), ('01900000-0000-7000-8000-' || 100000000000 + n)::uuid, place, 'Language ' || n % 40 + place
FROM generate_series(:first, :last) AS n, generate_series(0, 1) AS place;

INSERT INTO user_experience (id, user_id, position, company, title, location, start_date, end_date, description)
SELECT gen_random_uuid(), ('01900000-0000-7000-8000-' || 100000000000 + n)::uuid, place, 'Company ' || n % 1000 + place, 'Engineer',
    'City ' || n % 200, date '2015-01-01' + place::int * 1000, date '2017-01-01' + place::int * 1000, repeat('Built and explained. ', 5)
FROM generate_series(:first, :last) AS n, generate_series(0, 1) AS place;

INSERT INTO user_education (id, user_id, position, institution, degree, field_of_study, start_date, end_date)
SELECT gen_random_uuid(), ('01900000-0000-7000-8000-' || 100000000000 + n)::uuid, 0, 'University ' || n % 300, 'BSc', 'Explaining', '2011-10-01', '2014-09-30'
FROM generate_series(:first, :last) AS n;

INSERT INTO certificates (id, user_id, title, issuer, issue_date, certificate_url, created_at, updated_at)
SELECT gen_random_uuid(), ('01900000-0000-7000-8000-' || 100000000000 + n)::uuid, 'Certificate ' || n % 50, 'Issuer', date '2020-01-01' + (n % 1000)::int,
    'https://certificates.test/' || n, now(), now()
FROM generate_series(:first, :last) AS n;

INSERT INTO user_specializations (id, user_id, specialization_id, added_at)
SELECT gen_random_uuid(), ('01900000-0000-7000-8000-' || 100000000000 + n)::uuid, known.ids[1 + n % array_length(known.ids, 1)], now()
FROM generate_series(:first, :last) AS n, (SELECT array_agg(id ORDER BY name) AS ids FROM specializations) AS known;
ANALYZE;
