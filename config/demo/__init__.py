"""Haining, brought to life: real places and public figures, invented people and content."""
