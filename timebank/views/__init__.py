"""The pages of the time bank."""
