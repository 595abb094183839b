"""What happens to rounds, proposals, reviews and money."""
