-- How old, in seconds, the oldest transfer of a book is that no block holds yet.
SELECT extract(epoch FROM clock_timestamp() - min(t.recorded_at))
  FROM ledger.head AS h
  JOIN ledger.transfer AS t ON t.book_id = h.book_id AND (t.xid, t.id) > (h.xid, h.transfer_id)
 WHERE h.book_id = %s
