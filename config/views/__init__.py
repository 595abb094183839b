"""Front page, role homes, health, style guide."""
