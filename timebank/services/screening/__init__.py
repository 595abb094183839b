"""Screening: rules that say what looks unusual about a record, and why, in words a person reads.

`facts` says what a rule may know, `gather` reads it for many records at once, `rules` are the rules
(small, pure), `pictures` compares photos, `run` brings them together and leaves flags.
"""
