-- A wallet with a million points for each of the users :first to :last, awarded in books that balance.
SET session_replication_role = replica;
INSERT INTO points_wallets (id, user_id, balance, last_seq, created_at, updated_at)
SELECT ('01900000-0000-7000-8002-' || 100000000000 + n)::uuid, ('01900000-0000-7000-8000-' || 100000000000 + n)::uuid, 1000000, 1, now(), now()
FROM generate_series(:first, :last) AS n;

INSERT INTO wallet_transactions (id, kind, reason, created_at)
SELECT ('01900000-0000-7000-8003-' || 100000000000 + n)::uuid, 'award', 'A start', now() FROM generate_series(:first, :last) AS n;

INSERT INTO wallet_entries (transaction_id, wallet_id, seq, amount, balance_after)
SELECT ('01900000-0000-7000-8003-' || 100000000000 + n)::uuid, ('01900000-0000-7000-8002-' || 100000000000 + n)::uuid, 1, 1000000, 1000000
FROM generate_series(:first, :last) AS n
UNION ALL
SELECT ('01900000-0000-7000-8003-' || 100000000000 + n)::uuid, '00000000-0000-0000-0000-000000000000', NULL, -1000000, NULL
FROM generate_series(:first, :last) AS n;
ANALYZE;
