"""What `steward demo` plays, checks and shows."""
