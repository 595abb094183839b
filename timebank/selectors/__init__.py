"""What the pages of the time bank ask."""
