-- A thousand transfers more, posted as any are; every tenth from the account with a long story.
SELECT cardinality(ledger.post_batch(%(book)s, (
    SELECT jsonb_agg(jsonb_build_object(
               'key', 'fill:' || %(round)s::bigint || ':' || n,
               'accounts', jsonb_build_array(payer, %(first)s + (payer - %(first)s + step) %% %(accounts)s),
               'amounts', jsonb_build_array(-1, 1),
               'kind', 'use', 'reason', '家电清洗', 'source', 'fill:' || n, 'policy_version', ''))
      FROM (SELECT n, CASE WHEN n %% 10 = 0 THEN %(first)s
                           ELSE %(first)s + floor(random() * %(accounts)s)::bigint END AS payer,
                   1 + floor(random() * (%(accounts)s - 1))::bigint AS step
              FROM generate_series(1, 1000) AS n) AS drawn), %(user)s))
