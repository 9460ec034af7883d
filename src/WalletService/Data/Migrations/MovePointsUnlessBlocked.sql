-- From one user's wallet into another's; null stands for the system account. Either gives the entry of the wallet that is asked about (the payer's,
-- if there is one), or says which rule forbids the movement.
CREATE OR REPLACE FUNCTION move_points(
    movement uuid, movement_kind text, payer uuid, payee uuid, points int, movement_reason text, award_event uuid, moment timestamptz,
    OUT refusal text, OUT moved_at timestamptz, OUT own_wallet_id uuid, OUT own_seq bigint, OUT own_balance int)
LANGUAGE plpgsql AS $$
DECLARE
    sender points_wallets;
    receiver points_wallets;
BEGIN
    -- The locks of lock_wallets, in its order; rows need none besides, since nobody changes a wallet without.
    PERFORM pg_advisory_xact_lock(key) FROM (
        SELECT hashtextextended(user_id::text, 0) AS key FROM (VALUES (payer), (payee)) AS users (user_id)
        WHERE user_id IS NOT NULL ORDER BY key) AS keys;
    SELECT * INTO sender FROM points_wallets WHERE user_id = payer;
    SELECT * INTO receiver FROM points_wallets WHERE user_id = payee;

    refusal := CASE
        WHEN CASE WHEN payee IS NULL THEN sender.id ELSE receiver.id END IS NULL THEN 'no_wallet'
        -- Either of them wants nothing of the other.
        WHEN movement_kind = 'transfer' AND EXISTS (
            SELECT FROM blocks WHERE is_active AND (blocker_id, blocked_id) IN ((payer, payee), (payee, payer))) THEN 'not_reachable'
        -- A sender whose wallet is still on its way has no points yet.
        WHEN payer IS NOT NULL AND coalesce(sender.balance, 0) < points THEN 'insufficient_points'
        WHEN receiver.balance > 2147483647 - points THEN 'balance_overflow'
    END;
    IF refusal IS NOT NULL THEN
        RETURN;
    END IF;

    -- Times follow seq, also where the clocks of two instances differ.
    moved_at := greatest(moment, sender.updated_at, receiver.updated_at);
    UPDATE points_wallets SET balance = balance - points, last_seq = last_seq + 1, updated_at = moved_at
    WHERE user_id = payer RETURNING * INTO sender;
    UPDATE points_wallets SET balance = balance + points, last_seq = last_seq + 1, updated_at = moved_at
    WHERE user_id = payee RETURNING * INTO receiver;

    INSERT INTO wallet_transactions (id, kind, reason, event_id, created_at)
    VALUES (movement, movement_kind, movement_reason, award_event, moved_at);
    INSERT INTO wallet_entries (transaction_id, wallet_id, amount, seq, balance_after)
    VALUES
        (movement, coalesce(sender.id, '00000000-0000-0000-0000-000000000000'), -points, sender.last_seq, sender.balance),
        (movement, coalesce(receiver.id, '00000000-0000-0000-0000-000000000000'), points, receiver.last_seq, receiver.balance);

    own_wallet_id := coalesce(sender.id, receiver.id);
    own_seq := coalesce(sender.last_seq, receiver.last_seq);
    own_balance := coalesce(sender.balance, receiver.balance);
END $$;
