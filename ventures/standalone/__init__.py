"""Programs handed out: they need Python and nothing of ours."""
