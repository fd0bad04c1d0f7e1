"""What is due once, at an instant."""
