"""What happens in the time bank."""
