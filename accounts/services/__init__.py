"""What happens to people, organisations, roles, files and messages."""
