"""What members read of music."""
