"""What the tests' fixtures are made of, one matter per file."""
