-- A ledger that reads, thinks, then writes what it thought: of two at once, one is forgotten.
-- Only `bank_test --broken no-lock` installs this, to see that its checker notices.

ALTER FUNCTION ledger.post RENAME TO post_with_locks;

CREATE FUNCTION ledger.post(
    p_book bigint, p_key text, p_accounts bigint[], p_amounts bigint[], p_kind text, p_reason text,
    p_source text, p_policy_version text, p_happened_at timestamptz, p_acting_user bigint,
    p_on_behalf_of bigint
) RETURNS ledger.transfer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_before bigint[] := ARRAY(
        SELECT a.posted FROM unnest(p_accounts) WITH ORDINALITY AS asked (id, place)
          JOIN ledger.account AS a ON a.book_id = p_book AND a.id = asked.id ORDER BY asked.place);
    v_transfer ledger.transfer;
BEGIN
    PERFORM pg_sleep(0.001);
    v_transfer := ledger.post_with_locks(
        p_book, p_key, p_accounts, p_amounts, p_kind, p_reason, p_source, p_policy_version,
        p_happened_at, p_acting_user, p_on_behalf_of);
    IF v_transfer.xid = pg_current_xact_id() THEN
        UPDATE ledger.account AS a SET posted = v_before[asked.place] + asked.amount
          FROM unnest(p_accounts, p_amounts) WITH ORDINALITY AS asked (id, amount, place)
         WHERE a.book_id = p_book AND a.id = asked.id AND a.is_counted;
    END IF;
    RETURN v_transfer;
END
$$;
GRANT EXECUTE ON FUNCTION ledger.post TO qicai_web;
