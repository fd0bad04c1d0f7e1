"""Reports at the same time of each guild's own clock."""
