SELECT count(bare.post(p.accounts[1], p.accounts[2], p.amounts[2], p.kind, p.reason))
  FROM jsonb_to_recordset(%s::jsonb) AS p (accounts bigint[], amounts bigint[], kind text, reason text)
