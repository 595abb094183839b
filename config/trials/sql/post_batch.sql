SELECT ledger.post_batch(%s, %s::jsonb, %s)
