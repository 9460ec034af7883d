-- POST /api/wallet/transfers, to anybody up to :rows: the rows of a transfer in one statement, without asking first.
\set sender random(100000000001, 100000000064)
\set receiver random(100000000065, :rows)
WITH key AS (
    INSERT INTO idempotency_keys (user_id, call, key, request_hash, status, location, body, created_at)
    VALUES (('01900000-0000-7000-8000-' || :sender)::uuid, 'POST /api/wallet/transfers', gen_random_uuid(), sha256('transfer'), 201,
        '/api/wallet/transactions/01a20622-cc81-772b-86e7-b04e68afee81', repeat('.', 220), now())
), moved AS (
    INSERT INTO wallet_transactions (id, kind, reason, created_at) VALUES (gen_random_uuid(), 'transfer', NULL, now()) RETURNING id
), told AS (
    INSERT INTO outbox_messages (id, name, payload, user_id, trace_parent, created_at, sent_at, attempts)
    SELECT gen_random_uuid(), 'person-notified.v1', jsonb_build_object('eventId', id, 'subject', repeat('.', 250)),
        ('01900000-0000-7000-8000-' || :receiver)::uuid, NULL, now(), now(), 0 FROM moved
), sender AS (
    UPDATE points_wallets SET balance = balance - 1, last_seq = last_seq + 1, updated_at = now()
    WHERE user_id = ('01900000-0000-7000-8000-' || :sender)::uuid AND balance >= 1 RETURNING id, balance, last_seq
), receiver AS (
    UPDATE points_wallets SET balance = balance + 1, last_seq = last_seq + 1, updated_at = now()
    WHERE user_id = ('01900000-0000-7000-8000-' || :receiver)::uuid RETURNING id, balance, last_seq
)
INSERT INTO wallet_entries (transaction_id, wallet_id, amount, balance_after, seq)
SELECT moved.id, sender.id, -1, sender.balance, sender.last_seq FROM moved, sender
UNION ALL
SELECT moved.id, receiver.id, 1, receiver.balance, receiver.last_seq FROM moved, receiver;
