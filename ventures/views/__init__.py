"""The pages of the venture rounds."""
