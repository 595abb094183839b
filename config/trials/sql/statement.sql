SELECT e.seq, e.amount, e.balance_after, t.kind, t.reason, t.source, t.happened_at, t.recorded_at
  FROM ledger.entry AS e
  JOIN ledger.transfer AS t ON t.book_id = e.book_id AND t.id = e.transfer_id
 WHERE e.book_id = %s AND e.account_id = %s AND e.seq IS NOT NULL
 ORDER BY e.seq DESC LIMIT 50
