"""Dated terms of the rounds: local rules with the day they began."""
