"""The pages about a person: who they are, what they are told."""
