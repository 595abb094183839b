"""Trials of the ledger: how fast it is (`bench_ledger`), and whether it holds (`bank_test`).

Each runs on servers of its own, made for it and thrown away afterwards, never on the demo's.
Nothing of the product imports this package; `docs/ledger.md` says what the trials found.
"""
