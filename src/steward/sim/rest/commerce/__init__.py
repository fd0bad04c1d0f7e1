"""What is sold through a bot."""
