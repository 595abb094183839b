SELECT * FROM ledger.post(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
