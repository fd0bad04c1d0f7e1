"""Messages that are sent exactly once."""
