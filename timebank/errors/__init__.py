"""Refusals of the time bank, a file for each subject."""
