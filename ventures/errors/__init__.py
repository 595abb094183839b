"""Refusals of the ventures programme, a file for each subject."""
