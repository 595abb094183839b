"""What people fill in at the time bank. Forms clean and shape; what happens is a service."""
