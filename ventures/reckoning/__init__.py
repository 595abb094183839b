"""Arithmetic of review and award: values in, values out; no table, no person, no page."""
