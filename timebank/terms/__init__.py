"""Dated terms of the time bank: local rules with the day they began."""
