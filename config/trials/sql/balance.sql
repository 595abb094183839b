SELECT posted, held, debt FROM ledger.account WHERE book_id = %s AND id = %s
