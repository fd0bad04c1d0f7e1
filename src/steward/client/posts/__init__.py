"""Messages and channel names kept as they should be."""
