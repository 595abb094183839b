"""Filters for points and ranks."""
