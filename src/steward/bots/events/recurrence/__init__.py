"""When the next time of a series is planned, and what becomes of its rule as it moves."""
