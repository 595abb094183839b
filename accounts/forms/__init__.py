"""What people fill in. Forms clean and shape input; what happens is a service."""
