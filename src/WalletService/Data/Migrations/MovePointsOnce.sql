-- A movement once for an idempotency key: the key's claim, the movement and the kept answer in one statement, which is one transaction. Gives the
-- outcome of move_points, or what is kept under the key. Of two equal calls at once the second waits, on the primary key, for the first.
CREATE FUNCTION move_points_once(
    key_owner uuid, key_call text, key_value uuid, key_hash bytea, key_expired timestamptz, answer_location text, answer_body text,
    movement uuid, movement_kind text, payer uuid, payee uuid, points int, movement_reason text, moment timestamptz,
    OUT kept_hash bytea, OUT kept_status int, OUT kept_location text, OUT kept_body text,
    OUT refusal text, OUT moved_at timestamptz, OUT own_wallet_id uuid, OUT own_seq bigint, OUT own_balance int)
LANGUAGE plpgsql AS $$
DECLARE
    microseconds CONSTANT text := 'YYYY-MM-DD"T"HH24:MI:SS.US';
BEGIN
    -- As the idempotency filter claims one for any other call.
    INSERT INTO idempotency_keys AS k (user_id, call, key, request_hash, status, created_at)
    VALUES (key_owner, key_call, key_value, key_hash, 0, moment)
    ON CONFLICT (user_id, call, key) DO UPDATE
    SET request_hash = excluded.request_hash, status = 0, location = NULL, body = NULL, created_at = excluded.created_at
    WHERE k.created_at < key_expired;
    IF NOT FOUND THEN
        SELECT request_hash, status, location, body INTO kept_hash, kept_status, kept_location, kept_body FROM idempotency_keys
        WHERE user_id = key_owner AND call = key_call AND key = key_value;
        RETURN;
    END IF;

    SELECT m.refusal, m.moved_at, m.own_wallet_id, m.own_seq, m.own_balance
    INTO refusal, moved_at, own_wallet_id, own_seq, own_balance
    FROM move_points(movement, movement_kind, payer, payee, points, movement_reason, NULL, moment) AS m;
    IF refusal IS NOT NULL THEN
        -- A refusal is not kept.
        DELETE FROM idempotency_keys WHERE user_id = key_owner AND call = key_call AND key = key_value;
        RETURN;
    END IF;

    -- The service wrote the answer, but for what only this function knows.
    answer_body := replace(answer_body, '"seq":0,', format('"seq":%s,', own_seq));
    answer_body := replace(answer_body, '"balance_after":-1,', format('"balance_after":%s,', own_balance));
    IF moved_at <> moment THEN
        answer_body := replace(
            answer_body,
            format('"created_at":"%sZ"', rtrim(rtrim(to_char(moment AT TIME ZONE 'UTC', microseconds), '0'), '.')),
            format('"created_at":"%sZ"', rtrim(rtrim(to_char(moved_at AT TIME ZONE 'UTC', microseconds), '0'), '.')));
    END IF;
    UPDATE idempotency_keys SET status = 201, location = answer_location, body = answer_body
    WHERE user_id = key_owner AND call = key_call AND key = key_value;
END $$;
