"""What pages ask about rounds, proposals and reviews."""
