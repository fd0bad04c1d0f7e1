"""A day of a community as data, made and played."""
