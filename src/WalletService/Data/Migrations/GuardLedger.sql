CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is only ever added to: no % of %.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER tr_wallet_entries_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON wallet_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();
CREATE TRIGGER tr_wallet_transactions_immutable BEFORE UPDATE OF id, kind, event_id, created_at OR DELETE OR TRUNCATE ON wallet_transactions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();
-- A reason may be forgotten, never reworded.
CREATE TRIGGER tr_wallet_transactions_reason BEFORE UPDATE OF reason ON wallet_transactions
    FOR EACH ROW WHEN (NEW.reason IS NOT NULL) EXECUTE FUNCTION refuse_ledger_change();

CREATE FUNCTION require_both_sides() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) <> 2 OR sum(amount) <> 0 FROM wallet_entries WHERE transaction_id = NEW.transaction_id) THEN
        RAISE EXCEPTION 'The sides of transaction % differ.', NEW.transaction_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tr_wallet_entries_both_sides';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER tr_wallet_entries_both_sides AFTER INSERT ON wallet_entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_both_sides();

-- Row locks alone would do, but slowly where many want one wallet: each commit wakes all who wait for the row, and they queue anew, the
-- latest perhaps first. An advisory lock wakes one, in turn. Taken in one order, so that A→B and B→A never wait for each other.
CREATE FUNCTION lock_wallets(user_ids uuid[]) RETURNS SETOF points_wallets LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(key) FROM (
        SELECT hashtextextended(user_id::text, 0) AS key FROM unnest(user_ids) AS user_id ORDER BY key) AS keys;
    RETURN QUERY SELECT * FROM points_wallets WHERE user_id = ANY (user_ids) ORDER BY user_id FOR UPDATE;
END $$;

-- Whoever serves may not even try.
DO $$
DECLARE role regrole;
BEGIN
    FOR role IN
        SELECT DISTINCT rights.grantee FROM pg_class, aclexplode(relacl) AS rights
        WHERE pg_class.oid = 'wallet_entries'::regclass AND rights.grantee NOT IN (0, relowner)
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON wallet_entries, wallet_transactions FROM %s', role);
        EXECUTE format('GRANT UPDATE (reason) ON wallet_transactions TO %s', role);
    END LOOP;
END $$;
