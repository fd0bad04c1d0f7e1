"""Events in the making, and the times that organisers type."""
