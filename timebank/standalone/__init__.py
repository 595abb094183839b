"""Programs that are handed out: they need Python and nothing else, nothing of this project."""
