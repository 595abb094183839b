-- The ballot box of public votes. It opens to two functions only: putting in and counting.
--
-- Who voted stands in ventures_voter, which the web role may add to and never rewrite. A ballot
-- must not be traced to that row. It has no time and a random key; and because the database itself
-- remembers which rows one act wrote (xmin) and in which order they lie (ctid), each act takes up
-- to 40 other ballots out and puts them back together with its own, in random order and under new
-- keys; and when the box is opened after the close, all of them are mixed once more. While it is
-- open, the last act's ballot is therefore one of so many; afterwards nothing tells them apart.
-- Checking a foreign key would mark the proposal's row with the act's number, so there is none.

CREATE FUNCTION ventures_put_ballots(of_vote bigint, chosen bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS
$$
DECLARE
    box public.ventures_publicvote;
BEGIN
    SELECT * INTO box FROM ventures_publicvote WHERE id = of_vote FOR SHARE;
    IF NOT FOUND OR box.state <> 'set' OR clock_timestamp() < box.opens_at
        OR clock_timestamp() >= box.closes_at
    THEN
        RAISE EXCEPTION 'this ballot box is not open' USING ERRCODE = 'check_violation';
    END IF;
    IF cardinality(chosen) = 0
        OR (SELECT count(DISTINCT one) FROM unnest(chosen) AS one) <> cardinality(chosen)
        OR cardinality(chosen) > (
            SELECT choices FROM ventures_compositeterms WHERE round_id = box.round_id)
        OR EXISTS (
            SELECT 1 FROM unnest(chosen) AS one
             WHERE NOT EXISTS (
                SELECT 1 FROM ventures_proposal WHERE id = one AND round_id = box.round_id))
    THEN
        RAISE EXCEPTION 'these are no choices of this vote' USING ERRCODE = 'check_violation';
    END IF;
    WITH picked AS (
        SELECT id FROM ventures_ballot WHERE vote_id = of_vote
         ORDER BY gen_random_uuid() LIMIT 40 FOR UPDATE SKIP LOCKED
    ), taken AS (
        DELETE FROM ventures_ballot WHERE id IN (SELECT id FROM picked) RETURNING proposal_id
    ), mixed AS (
        SELECT proposal_id FROM taken UNION ALL SELECT unnest(chosen)
    )
    INSERT INTO ventures_ballot (id, vote_id, proposal_id)
    SELECT gen_random_uuid(), of_vote, proposal_id FROM mixed ORDER BY gen_random_uuid();
END
$$;

CREATE FUNCTION ventures_count_ballots(of_vote bigint)
    RETURNS TABLE (proposal bigint, ballots bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS
$$
DECLARE
    box public.ventures_publicvote;
BEGIN
    SELECT * INTO box FROM ventures_publicvote WHERE id = of_vote FOR UPDATE;
    IF NOT FOUND OR clock_timestamp() < box.closes_at THEN
        RAISE EXCEPTION 'this ballot box is still open' USING ERRCODE = 'check_violation';
    END IF;
    WITH taken AS (
        DELETE FROM ventures_ballot WHERE vote_id = of_vote RETURNING proposal_id
    )
    INSERT INTO ventures_ballot (id, vote_id, proposal_id)
    SELECT gen_random_uuid(), of_vote, proposal_id FROM taken ORDER BY gen_random_uuid();
    RETURN QUERY
        SELECT proposal_id, count(*) FROM ventures_ballot
         WHERE vote_id = of_vote GROUP BY proposal_id ORDER BY proposal_id;
END
$$;
